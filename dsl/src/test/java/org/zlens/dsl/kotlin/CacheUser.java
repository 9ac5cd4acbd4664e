package org.zlens.dsl.kotlin;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A process that keeps and finds scripts in a folder, to be run beside others like it. */
final class CacheUser {
  private static final int ROUNDS = 300;
  private static final int KEYS = 8;

  private CacheUser() {}

  public static void main(String[] arguments) {
    ScriptCache cache = new ScriptCache(Path.of(arguments[0]), KEYS / 2, 1 << 20);
    int found = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String key = "key" + round % KEYS;
      Optional<ScriptClasses> before = cache.find(key);
      if (before.isPresent()) {
        found++;
        requireSame(before.get(), classes(key));
      }
      cache.keep(key, classes(key));
    }
    System.out.println("found " + found);
  }

  private static void requireSame(ScriptClasses one, ScriptClasses other) {
    boolean same = one.main().equals(other.main()) && one.files().size() == other.files().size();
    for (Map.Entry<String, byte[]> file : one.files().entrySet()) {
      same &= Arrays.equals(file.getValue(), other.files().get(file.getKey()));
    }
    if (!same) {
      throw new IllegalStateException("found what nobody kept under this key");
    }
  }

  /** Classes that are larger than what is written at once. */
  static ScriptClasses classes(String key) {
    Map<String, byte[]> files = new HashMap<>();
    byte[] bytes = new byte[40_000];
    Arrays.fill(bytes, (byte) key.hashCode());
    files.put(key, bytes);
    return new ScriptClasses(key, files);
  }
}
