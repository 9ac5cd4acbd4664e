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
 */
public record Provenance(
    String command,
    String source,
    int line,
    List<ProvenanceInput> inputs,
    long seed,
    Map<String, String> versions,
    Instant at,
    Duration took) {
  public Provenance {
    inputs = List.copyOf(inputs);
    versions = Map.copyOf(versions);
  }
}
