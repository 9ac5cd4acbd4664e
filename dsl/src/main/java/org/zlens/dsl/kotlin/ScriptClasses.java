package org.zlens.dsl.kotlin;

import java.util.Map;

/**
 * A compiled script.
 *
 * @param main the name of the class whose constructor runs the script
 * @param files the class files by name of the class
 */
record ScriptClasses(String main, Map<String, byte[]> files) {
  ScriptClasses {
    files = Map.copyOf(files);
  }

  /** A loader that knows these classes and leaves all others to ours. */
  ClassLoader loader() {
    return new ClassLoader(ScriptClasses.class.getClassLoader()) {
      @Override
      protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] file = files.get(name);
        if (file == null) {
          throw new ClassNotFoundException(name);
        }
        return defineClass(name, file, 0, file.length);
      }
    };
  }
}
