package org.zlens.dsl.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How numbers came to be, in lines for the corner of a page. */
public final class ProvenanceLines {
  private ProvenanceLines() {}

  /** The lines of what the running statement gives. */
  public static List<String> of(Provenance from) {
    List<String> lines = new ArrayList<>();
    lines.add(from.command() + "  (" + from.source() + ":" + from.line() + ")");
    List<String> inputs = new ArrayList<>();
    for (ProvenanceInput input : from.inputs()) {
      String hash = input.hash();
      inputs.add(
          input.role() + " " + input.name() + " " + hash.substring(0, Math.min(10, hash.length())));
    }
    if (!inputs.isEmpty()) {
      lines.add(String.join(", ", inputs));
    }
    int statements = from.lineage().statements().size();
    for (Provenance earlier : from.lineage().statements().subList(0, Math.min(10, statements))) {
      lines.add(
          "from " + earlier.command() + "  (" + earlier.source() + ":" + earlier.line() + ")");
    }
    StringBuilder versions = new StringBuilder("seed " + from.seed());
    for (Map.Entry<String, String> version : from.versions().entrySet()) {
      versions.append(", ").append(version.getKey()).append(' ').append(version.getValue());
    }
    lines.add(versions + ", " + from.at());
    return lines;
  }
}
