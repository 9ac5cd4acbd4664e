package org.zlens.dsl.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/** The files that a script has included and is including: each once, and none within itself. */
final class Includes {
  private static final int DEPTH_LIMIT = 64;

  private final Set<Path> done = new HashSet<>();
  private final Deque<Path> open = new ArrayDeque<>();

  /** What including a file gives, or null when it is included already. */
  <T> T once(Path path, String name, Supplier<T> include) {
    Path file = real(path);
    if (open.contains(file)) {
      String way =
          open.stream().map(p -> p.getFileName() + " -> ").collect(Collectors.joining())
              + file.getFileName();
      throw new ZlensException(
          Kind.NAME, Quoted.of(name) + " includes itself", "the way is " + Quoted.printable(way));
    }
    if (open.size() == DEPTH_LIMIT) {
      throw new ZlensException(
          Kind.NAME, "scripts include one another more than " + DEPTH_LIMIT + " deep", null);
    }
    if (!done.add(file)) {
      return null;
    }
    open.addLast(file);
    try {
      return include.get();
    } finally {
      open.removeLast();
    }
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      // That it cannot be read is said when it is.
      return path.toAbsolutePath().normalize();
    }
  }
}
