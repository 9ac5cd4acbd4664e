package org.zlens.dsl.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.zlens.dsl.session.ProvenanceInput;

/** What differs between the world of a transcript and that of its replay. */
final class Causes {
  private static final int HASH_SHOWN = 12;

  private final Map<String, ProvenanceInput> recorded = new HashMap<>();
  private final Map<String, ProvenanceInput> now = new HashMap<>();
  private final Set<String> inputs = new LinkedHashSet<>();

  /** Takes the inputs that changed with a statement, then and now. */
  void compare(List<ProvenanceInput> before, List<ProvenanceInput> after) {
    before.forEach(input -> recorded.put(name(input), input));
    after.forEach(input -> now.put(name(input), input));
    before.forEach(input -> compare(input, now.get(name(input))));
    after.forEach(input -> compare(recorded.get(name(input)), input));
  }

  private void compare(ProvenanceInput before, ProvenanceInput after) {
    if (before == null || after == null || before.equals(after)) {
      return;
    }
    if (!before.hash().equals(after.hash())) {
      inputs.add(
          "the "
              + name(before)
              + " is another: "
              + digest(before)
              + " when it was recorded, "
              + digest(after)
              + " now");
      return;
    }
    for (String detail : union(before.details().keySet(), after.details().keySet())) {
      String a = before.details().getOrDefault(detail, "nothing");
      String b = after.details().getOrDefault(detail, "nothing");
      if (!a.equals(b)) {
        inputs.add("the " + name(before) + " has another " + detail + ": then " + a + ", now " + b);
      }
    }
  }

  /** The inputs that are others, a sentence each. */
  List<String> inputs() {
    return List.copyOf(inputs);
  }

  /** Versions that are others, a sentence each; they may be a cause. */
  static List<String> versions(Map<String, String> before, Map<String, String> after) {
    List<String> sentences = new ArrayList<>();
    for (String name : union(before.keySet(), after.keySet())) {
      String a = before.getOrDefault(name, "none");
      String b = after.getOrDefault(name, "none");
      if (!a.equals(b)) {
        sentences.add("recorded with " + name + " " + a + ", replayed with " + b);
      }
    }
    return sentences;
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> all = new TreeSet<>(some);
    all.addAll(others);
    return all;
  }

  private static String name(ProvenanceInput input) {
    return input.role() + " '" + input.name() + "'";
  }

  private static String digest(ProvenanceInput input) {
    return input.hash().length() == 64 ? input.hash().substring(0, HASH_SHOWN) : input.hash();
  }
}
