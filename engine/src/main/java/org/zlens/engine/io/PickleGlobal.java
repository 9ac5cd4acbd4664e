package org.zlens.engine.io;

/** The name of a class or function in a pickle: a pair of texts, never looked up. */
record PickleGlobal(String module, String name) {
  String fullName() {
    return module + "." + name;
  }
}
