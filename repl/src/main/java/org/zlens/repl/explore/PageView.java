package org.zlens.repl.explore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * How the windows of a page show its graph, which is one for all of them: which nodes are pinned,
 * pruned, grouped or moved. It changes no number.
 */
final class PageView {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<String> KINDS = Set.of("pinned", "pruned", "group", "moved");
  private static final int MOST_MARKS = 5000;
  private static final int LONGEST_KEY = 700;
  private static final int LONGEST_GROUP = 80;

  /** A node and what is done with it. */
  private record Mark(String kind, String node) {}

  private final Map<Mark, JsonNode> marks = new LinkedHashMap<>();

  /**
   * Changes marks; nothing is changed where one of them makes no sense.
   *
   * @param changes objects with the kind of a mark, the node's key, and a value: true, the name of
   *     a group, a place of two numbers, or null to take the mark away
   */
  synchronized void change(JsonNode changes) {
    Map<Mark, JsonNode> next = new LinkedHashMap<>(marks);
    for (JsonNode change : changes) {
      Mark mark = new Mark(change.path("kind").asText(), change.path("node").asText());
      JsonNode value = change.path("value");
      if (!KINDS.contains(mark.kind())
          || mark.node().isEmpty()
          || mark.node().length() > LONGEST_KEY
          || !fits(mark.kind(), value)) {
        throw new ZlensException(Kind.DATA, "no mark of a node", null);
      }
      if (value.isNull()) {
        next.remove(mark);
      } else {
        next.put(mark, value.deepCopy());
      }
    }
    if (next.size() > MOST_MARKS) {
      throw new ZlensException(Kind.DATA, "more than " + MOST_MARKS + " marks", null);
    }
    marks.clear();
    marks.putAll(next);
  }

  private static boolean fits(String kind, JsonNode value) {
    if (value.isNull()) {
      return true;
    }
    return switch (kind) {
      case "moved" ->
          value.isArray()
              && value.size() == 2
              && Double.isFinite(value.get(0).asDouble(Double.NaN))
              && Double.isFinite(value.get(1).asDouble(Double.NaN));
      case "group" ->
          value.isTextual()
              && !value.asText().isBlank()
              && value.asText().length() <= LONGEST_GROUP;
      default -> value.isBoolean() && value.asBoolean();
    };
  }

  synchronized void clear() {
    marks.clear();
  }

  /** Whether a node is marked so. */
  synchronized boolean has(String kind, String node) {
    return marks.containsKey(new Mark(kind, node));
  }

  /** The nodes of each group, by its name. */
  synchronized Map<String, List<String>> groups() {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    marks.forEach(
        (mark, value) -> {
          if (mark.kind().equals("group")) {
            groups.computeIfAbsent(value.asText(), name -> new ArrayList<>()).add(mark.node());
          }
        });
    return groups;
  }

  /** All marks as JSON. */
  synchronized String json() {
    ArrayNode all = JSON.arrayNode();
    marks.forEach(
        (mark, value) -> {
          ObjectNode one = all.addObject().put("kind", mark.kind()).put("node", mark.node());
          one.set("value", value);
        });
    return JSON.objectNode().<ObjectNode>set("marks", all).toString();
  }
}
