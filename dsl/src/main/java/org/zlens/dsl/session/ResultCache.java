package org.zlens.dsl.session;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Parameter;
import org.zlens.engine.io.FileHash;

/**
 * Results of pure commands, each by a digest of all that it hangs on: the command and its
 * arguments, every object of the session by its content, and every setting that is not about
 * printing. The least recently used make room for new ones.
 *
 * <p>Values hold no native memory, so what is here belongs to the heap alone.
 */
public final class ResultCache {
  private final Session session;
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<SessionObject, Integer> opaque = new IdentityHashMap<>();
  private int opaqueObjects;
  private long bytes;

  /** A result, what it read, when it was computed, and about how much memory it takes. */
  record Entry(Value value, Set<Slot<?>> read, Instant computed, long bytes) {}

  ResultCache(Session session) {
    this.session = session;
    session.settings().onChange(Settings.CACHE, megabytes -> shrink());
  }

  /**
   * The key of a call's result; empty where results of the command, or of these arguments, are not
   * kept.
   */
  Optional<String> key(Command command, Arguments arguments) {
    boolean kept =
        command.signature().isPure()
            && command.signature().input().isEmpty()
            && session.settings().get(Settings.CACHE) > 0
            && !session.mustSeeRuns();
    if (!kept) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder(command.signature().verb()).append('\n');
    for (Parameter<?> parameter : command.signature().parameters()) {
      if (arguments.has(parameter)) {
        Optional<String> value = arguments.find(parameter).flatMap(Fingerprint::of);
        if (value.isEmpty()) {
          return Optional.empty();
        }
        text.append(parameter.name()).append(" = ").append(value.get()).append('\n');
      }
    }
    session
        .objects()
        .forEach(
            (slot, object) -> {
              if (object.shapesResults()) {
                text.append(state(slot, object)).append('\n');
              }
            });
    for (Setting<?> setting : session.settings().all()) {
      if (!Settings.PRINTING.contains(setting)) {
        text.append(setting.name()).append(' ').append(session.settings().get(setting));
        text.append('\n');
      }
    }
    return Optional.of(FileHash.sha256(text.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /** An object by its content; one that tells nothing of it is like no other. */
  private String state(Slot<?> slot, SessionObject object) {
    if (object.content().isEmpty()) {
      return slot.name() + " #" + opaque.computeIfAbsent(object, o -> opaqueObjects++);
    }
    return slot.name() + " " + object.content();
  }

  /** Forgets an object that has left the session. */
  void forget(SessionObject object) {
    opaque.remove(object);
  }

  Optional<Entry> find(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  /** When the result of a call was computed, if it is kept. */
  public Optional<Instant> computed(Command command, Arguments arguments) {
    return key(command, arguments).flatMap(this::find).map(Entry::computed);
  }

  void put(String key, Value value, Set<Slot<?>> read, Instant computed) {
    long size = MemoryUse.of(value);
    if (size <= limit() / 4) {
      Entry before = entries.put(key, new Entry(value, Set.copyOf(read), computed, size));
      bytes += size - (before == null ? 0 : before.bytes());
      shrink();
    }
  }

  private long limit() {
    return session.settings().get(Settings.CACHE) << 20;
  }

  private void shrink() {
    Iterator<Entry> oldest = entries.values().iterator();
    while (bytes > limit() && oldest.hasNext()) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  /** About how many bytes it holds. */
  long bytes() {
    return bytes;
  }
}
