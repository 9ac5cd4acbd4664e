package org.zlens.dsl.session;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** How numbers came to be, in lines for the corner of a page. */
public final class ProvenanceLines {
  private ProvenanceLines() {}

  /** Digits of a digest that tell one input from another. */
  private static final int DIGITS = 10;

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{32,}");

  /** The lines of what the running statement gives. */
  public static List<String> of(Provenance from) {
    List<String> lines = new ArrayList<>();
    lines.add(from.command() + "  (" + from.source() + ":" + from.line() + ")");
    List<String> inputs = new ArrayList<>();
    for (ProvenanceInput input : from.inputs()) {
      inputs.add(input.role() + " " + input.name() + digest(input));
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
    lines.add(versions + ", " + from.at().truncatedTo(ChronoUnit.SECONDS));
    return lines;
  }

  /** The start of a digest; what no file holds has a name that says all, and that is not cut. */
  private static String digest(ProvenanceInput input) {
    String hash = input.hash();
    if (hash.equals(input.name())) {
      return "";
    }
    return " " + (DIGEST.matcher(hash).matches() ? hash.substring(0, DIGITS) : hash);
  }
}
