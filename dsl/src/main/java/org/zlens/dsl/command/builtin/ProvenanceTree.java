package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.TreeNode;
import org.zlens.dsl.session.TreeValue;

/** How a result came to be, as a tree: the statement, below it what it read and rests on. */
final class ProvenanceTree {
  private static final String DETAIL = "detail";
  static final String HASH = "sha256";
  private static final int HASH_LENGTH = 64;
  private static final int HASH_SHOWN = 12;

  private ProvenanceTree() {}

  static TreeValue of(Provenance provenance) {
    List<TreeNode> children = new ArrayList<>(inputs(provenance));
    children.add(node("seed", Long.toString(provenance.seed()), ""));
    new TreeMap<>(provenance.versions())
        .forEach((name, version) -> children.add(node(name, version, "")));
    children.add(
        node("started", provenance.at() + ", took " + provenance.took().toMillis() + " ms", ""));
    if (provenance.remembered() != null) {
      children.add(node("from the cache", "computed " + provenance.remembered(), ""));
    }
    for (Provenance earlier : provenance.lineage().statements()) {
      children.add(statement(earlier, "from ", inputs(earlier)));
    }
    List<String> notes = new ArrayList<>();
    if (provenance.lineage().omitted() > 0) {
      notes.add(provenance.lineage().omitted() + " earlier statements are not listed");
    }
    return new TreeValue("provenance", statement(provenance, "", children), Map.of(), notes);
  }

  private static TreeNode statement(Provenance of, String lead, List<TreeNode> children) {
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put(DETAIL, of.source() + ":" + of.line());
    cells.put(HASH, null);
    return new TreeNode(lead + of.command(), cells, children);
  }

  private static List<TreeNode> inputs(Provenance of) {
    return inputs(of.inputs());
  }

  /** A node for each input, with what tells it from others. */
  static List<TreeNode> inputs(List<ProvenanceInput> some) {
    List<TreeNode> nodes = new ArrayList<>();
    for (ProvenanceInput input : some) {
      boolean digest = input.hash().length() == HASH_LENGTH;
      String details =
          input.details().entrySet().stream()
              .map(detail -> detail.getKey() + " " + shown(detail.getValue()))
              .collect(Collectors.joining("; "));
      String detail = digest ? details : input.hash();
      nodes.add(
          node(
              input.role() + " " + input.name(),
              detail,
              digest ? input.hash().substring(0, HASH_SHOWN) : ""));
    }
    return nodes;
  }

  private static String shown(String detail) {
    boolean digest = detail.length() == HASH_LENGTH && detail.indexOf(' ') < 0;
    return digest ? detail.substring(0, HASH_SHOWN) : detail;
  }

  private static TreeNode node(String label, String detail, String hash) {
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put(DETAIL, detail);
    cells.put(HASH, hash.isEmpty() ? null : hash);
    return new TreeNode(label, cells, List.of());
  }
}
