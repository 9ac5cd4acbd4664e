package org.zlens.engine.io;

/**
 * A run of elements that tensors of a torch archive view.
 *
 * @param type the type of the elements, or null for an untyped storage, which counts in bytes
 * @param key the name of the storage in the archive
 * @param count the number of elements that the pickle says it has
 */
record TorchStorage(ElementType type, String key, long count) {
  long bytes() {
    return Math.multiplyExact(count, type == null ? 1 : type.bytes());
  }
}
