package org.zlens.dsl.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the running statement has read so far. */
final class Reads {
  private final Set<Slot<?>> slots = ConcurrentHashMap.newKeySet();
  private final Set<ProvenanceInput> files = new LinkedHashSet<>();
  private final List<Provenance> origins = new ArrayList<>();
  private Instant remembered;

  void add(Slot<?> slot) {
    slots.add(slot);
  }

  void add(ProvenanceInput file) {
    files.add(file);
  }

  /** The files that it has read itself. */
  List<ProvenanceInput> files() {
    return List.copyOf(files);
  }

  void add(Provenance origin) {
    origins.add(origin);
  }

  /** How came to be what it has read from files. */
  List<Provenance> origins() {
    return List.copyOf(origins);
  }

  /** The slots that it has read or filled. */
  Set<Slot<?>> slots() {
    return slots;
  }

  /** Notes that a part of the result was taken from the cache. */
  void remember(Instant computed) {
    if (remembered == null || computed.isBefore(remembered)) {
      remembered = computed;
    }
  }

  /** When the oldest part that came from the cache was computed, or null. */
  Instant remembered() {
    return remembered;
  }
}
