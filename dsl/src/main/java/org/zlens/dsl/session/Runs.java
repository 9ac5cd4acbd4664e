package org.zlens.dsl.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Parameter;
import org.zlens.engine.runtime.ProcessMemory;

/**
 * What calls took in the end of which somebody has asked what they would take. Others are not
 * watched, since to watch a process takes time too.
 */
public final class Runs {
  private static final int MOST = 256;

  private final Map<String, Entry> asked =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Entry> eldest) {
          return size() > MOST;
        }
      };

  /** What was foretold of a call, and what it took if it has run since. */
  private static final class Entry {
    private final Object foretold;
    private double seconds;
    private double before;
    private Took took;

    private Entry(Object foretold) {
      this.foretold = foretold;
    }
  }

  /**
   * What was told of a call.
   *
   * @param seconds that it would take, as it was told before it ran
   * @param took what it took when it last ran after that
   */
  public record Told(double seconds, Optional<Took> took) {}

  /**
   * Time and memory of a call.
   *
   * @param bytes most memory that the process took on; -1 where the system does not tell
   */
  public record Took(double seconds, long bytes) {}

  Runs() {}

  /**
   * What a call would take, and what it took when it last ran after somebody asked.
   *
   * @param foretold what is foretold of it now; what ran when something else was foretold is
   *     another thing
   * @param seconds that it would take on the machine as it is now
   */
  public Told ask(Command command, Arguments arguments, Object foretold, double seconds) {
    String text = text(command, arguments);
    Entry entry = asked.get(text);
    if (entry == null || !entry.foretold.equals(foretold)) {
      entry = new Entry(foretold);
      asked.put(text, entry);
    }
    entry.seconds = seconds;
    return entry.took == null
        ? new Told(seconds, Optional.empty())
        : new Told(entry.before, Optional.of(entry.took));
  }

  /** Runs a call, watched if somebody has asked about it. */
  <T> T watch(Command command, Arguments arguments, Supplier<T> call) {
    Entry entry = asked.isEmpty() ? null : asked.get(text(command, arguments));
    if (entry == null) {
      return call.get();
    }
    ProcessMemory memory = ProcessMemory.watch();
    long start = System.nanoTime();
    T result = call.get();
    double seconds = (System.nanoTime() - start) / 1e9;
    entry.before = entry.seconds;
    entry.took = new Took(seconds, memory.added());
    return result;
  }

  /** The call as it is written, but for the order of its words. */
  private static String text(Command command, Arguments arguments) {
    StringBuilder text = new StringBuilder(command.signature().verb());
    for (Parameter<?> parameter : command.signature().parameters()) {
      if (arguments.has(parameter)) {
        text.append('\n').append(parameter.name());
        if (!parameter.isFlag()) {
          text.append(' ').append(arguments.written(parameter));
        }
      }
    }
    return text.toString();
  }
}
