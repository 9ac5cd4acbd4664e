package org.zlens.repl.bench;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Something that must stay fast or small. */
interface Benchmark {
  /** The median of these many runs is the value. */
  int RUNS = 5;

  /** What it is asked for by. */
  String name();

  /** What this machine lacks for it, in a sentence; nothing if it can be measured. */
  default Optional<String> missing() {
    return Optional.empty();
  }

  /** Measures it and its baseline in this process's lifetime. */
  Measurement measure() throws IOException, InterruptedException;

  /** The same with everything else that the same run finds. */
  default List<Measurement> measureAll() throws IOException, InterruptedException {
    return List.of(measure());
  }
}
