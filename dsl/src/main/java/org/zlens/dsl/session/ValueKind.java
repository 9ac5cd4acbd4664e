package org.zlens.dsl.session;

import java.util.Collection;
import java.util.stream.Collectors;

/** The kinds of values, known of every stage of a pipeline before it runs. */
public enum ValueKind {
  TABLE("a table"),
  TREE("a tree"),
  GRAPH("a graph"),
  TENSOR("tensors"),
  NUMBER("a number"),
  TEXT("a text"),
  TRUTH("true or false"),
  ADDRESS("an address"),
  LIST("a list"),
  PROMPTS("a prompt set"),
  PAGE("a page"),
  NOTHING("nothing"),
  /** Known only when it runs. */
  ANY("any value");

  private final String phrase;

  ValueKind(String phrase) {
    this.phrase = phrase;
  }

  /** The kind as a sentence names it: "a table". */
  public String phrase() {
    return phrase;
  }

  /** Some kinds as a sentence names them: "a table or a tree". */
  public static String phrase(Collection<ValueKind> kinds) {
    return kinds.stream().sorted().map(ValueKind::phrase).collect(Collectors.joining(" or "));
  }
}
