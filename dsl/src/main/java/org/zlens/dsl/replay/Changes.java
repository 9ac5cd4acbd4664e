package org.zlens.dsl.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.Session;

/** Finds out what of a session's inputs and versions is new since it last looked. */
final class Changes {
  private final Map<String, ProvenanceInput> inputs = new HashMap<>();
  private Map<String, String> versions = Map.of();

  /** The inputs that are new or others. */
  List<ProvenanceInput> inputs(Session session) {
    List<ProvenanceInput> changed = new ArrayList<>();
    for (ProvenanceInput input : session.inputs()) {
      if (!input.equals(inputs.put(input.role() + " " + input.name(), input))) {
        changed.add(input);
      }
    }
    return changed;
  }

  /** Whether other versions compute. */
  boolean versions(Session session) {
    Map<String, String> now = Map.copyOf(session.versions());
    boolean changed = !now.equals(versions);
    versions = now;
    return changed;
  }
}
