/** Text and prompts in files; text is streamed from files that may be larger than any memory. */
package org.zlens.engine.data.corpus;
