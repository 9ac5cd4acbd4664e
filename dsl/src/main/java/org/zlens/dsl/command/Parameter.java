package org.zlens.dsl.command;

import java.util.List;
import java.util.Locale;

/**
 * One parameter of a command; commands hold theirs as constants and ask {@link Arguments} by them.
 *
 * <p>It starts out required and positional: {@code Parameter.of("count", Types.count(), "how many
 * rows").orElse(10)}.
 */
public final class Parameter<T> {
  private final String name;
  private final ParameterType<?> type;
  private final String summary;
  private final String word;
  private final boolean required;
  private final T initial;
  private final boolean flag;
  private final boolean many;

  private Parameter(
      String name,
      ParameterType<?> type,
      String summary,
      String word,
      boolean required,
      T initial,
      boolean flag,
      boolean many) {
    this.name = name;
    this.type = type;
    this.summary = summary;
    this.word = word;
    this.required = required;
    this.initial = initial;
    this.flag = flag;
    this.many = many;
  }

  /** A required argument that stands by its place. */
  public static <T> Parameter<T> of(String name, ParameterType<T> type, String summary) {
    return new Parameter<>(name, type, summary, null, true, null, false, false);
  }

  /** A required argument after a word: {@code depth 3}. */
  public static <T> Parameter<T> after(
      String word, String name, ParameterType<T> type, String summary) {
    return new Parameter<>(name, type, summary, word, true, null, false, false);
  }

  /** A word that is there or not. */
  public static Parameter<Boolean> flag(String word, String summary) {
    return new Parameter<>(word, null, summary, word, false, false, true, false);
  }

  /** The same, but it may be left out. */
  public Parameter<T> optional() {
    return new Parameter<>(name, type, summary, word, false, null, flag, many);
  }

  /** The same, but it may be left out and then has a value. */
  public Parameter<T> orElse(T value) {
    return new Parameter<>(name, type, summary, word, false, value, flag, many);
  }

  /** One or more such arguments side by side: {@code capture L1.z L2.pattern}. */
  public Parameter<List<T>> many() {
    return new Parameter<>(name, type, summary, word, required, null, flag, true);
  }

  public String name() {
    return name;
  }

  /** How each argument is read; null for a flag. */
  public ParameterType<?> type() {
    return type;
  }

  public String summary() {
    return summary;
  }

  /** The word that introduces it, or null if it stands by its place. */
  public String word() {
    return word;
  }

  public boolean isRequired() {
    return required;
  }

  /** Its value when it is left out, or null. */
  public T initial() {
    return initial;
  }

  public boolean isFlag() {
    return flag;
  }

  public boolean isMany() {
    return many;
  }

  /** As usage lines show it: {@code [at POSITION]}. */
  public String usage() {
    String shown = isFlag() ? word : (word == null ? "" : word + " ") + usageName();
    return required ? shown : "[" + shown + "]";
  }

  private String usageName() {
    return name.toUpperCase(Locale.ROOT) + (many ? " ..." : "");
  }
}
