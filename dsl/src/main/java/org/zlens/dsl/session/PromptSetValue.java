package org.zlens.dsl.session;

/** A set of prompts, shown as a table with one row for each. */
public non-sealed interface PromptSetValue extends Value {
  /** The prompts as rows, for showing and saving. */
  TableValue table();

  @Override
  default ValueKind kind() {
    return ValueKind.PROMPTS;
  }
}
