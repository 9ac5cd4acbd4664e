package org.zlens.engine.io;

/**
 * An entry of a zip archive as its central directory describes it.
 *
 * @param start position in the file of the entry's first byte of data
 */
record ZipMember(String name, boolean deflated, long start, long packed, long size, int crc) {}
