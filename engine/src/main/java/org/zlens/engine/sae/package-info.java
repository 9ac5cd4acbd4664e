/**
 * Sparse autoencoders: what one is, and the readers of the files that people keep them in.
 *
 * <p>To read another format: 1. write a class that implements {@link
 * org.zlens.engine.sae.SaeFormat}; 2. take the tensors through {@link
 * org.zlens.engine.sae.SaeTensors}, which checks shapes, strangers and NaN; 3. add it to the list
 * in {@link org.zlens.engine.sae.SaeReader}; 4. put a file and its golden into the test of the
 * readers.
 */
package org.zlens.engine.sae;
