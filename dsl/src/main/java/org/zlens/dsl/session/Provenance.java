package org.zlens.dsl.session;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How a result came to be: enough to make it again.
 *
 * @param command the statement in canonical form
 * @param source the name of the text it stood in
 * @param line its line there
 * @param inputs what it read that is not in the command: models, SAEs, prompt sets
 * @param seed the session's seed when it ran
 * @param versions of this program and the libraries that compute
 * @param at when it started
 * @param took how long it ran
 * @param lineage the earlier statements whose results it worked on
 * @param remembered when the part of it that came from the session's cache was computed, or null
 */
public record Provenance(
    String command,
    String source,
    int line,
    List<ProvenanceInput> inputs,
    long seed,
    Map<String, String> versions,
    Instant at,
    Duration took,
    Lineage lineage,
    Instant remembered) {
  public Provenance {
    inputs = List.copyOf(inputs);
    versions = Map.copyOf(versions);
  }

  /** Of a result that was computed when it was asked for and rests on no other. */
  public Provenance(
      String command,
      String source,
      int line,
      List<ProvenanceInput> inputs,
      long seed,
      Map<String, String> versions,
      Instant at,
      Duration took) {
    this(command, source, line, inputs, seed, versions, at, took, Lineage.NONE, null);
  }

  Provenance withLineage(Lineage other) {
    return new Provenance(
        command, source, line, inputs, seed, versions, at, took, other, remembered);
  }
}
