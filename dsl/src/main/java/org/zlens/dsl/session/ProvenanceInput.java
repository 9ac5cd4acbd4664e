package org.zlens.dsl.session;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that results depend on.
 *
 * @param role what it is to the session: "model", "prompts", "variable"
 * @param name what the user calls it
 * @param hash a digest of its content; of a variable, its value
 * @param details what else tells it from others of its name, such as the processing of weights
 */
public record ProvenanceInput(String role, String name, String hash, Map<String, String> details) {
  public ProvenanceInput {
    details = Collections.unmodifiableMap(new TreeMap<>(details));
  }

  public ProvenanceInput(String role, String name, String hash) {
    this(role, name, hash, Map.of());
  }
}
