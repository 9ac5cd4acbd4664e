/**
 * Tensor files: safetensors, torch archives and npz, read and written in plain Java.
 *
 * <p>Every file is treated as hostile: lengths, offsets, counts and nesting are checked before
 * anything is allocated, and nothing that a file contains is ever executed. Whatever is wrong is
 * reported as a {@link org.zlens.engine.ZlensException} of kind DATA that names the file and the
 * cause.
 */
package org.zlens.engine.io;
