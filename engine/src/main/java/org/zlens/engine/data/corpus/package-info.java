/** Text for training and measuring, streamed from files that may be larger than any memory. */
package org.zlens.engine.data.corpus;
