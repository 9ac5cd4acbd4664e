package org.zlens.dsl.syntax;

import java.util.List;

/** The reserved words of the grammar; everything else is a name. */
public final class Keyword {
  public static final String FOR = "for";
  public static final String INCLUDE = "include";
  public static final String PARAM = "param";
  public static final String LET = "let";
  public static final String AND = "and";
  public static final String OR = "or";
  public static final String NOT = "not";
  public static final String TRUE = "true";
  public static final String FALSE = "false";
  public static final String WITH = "with";

  /** Every reserved word, in alphabetical order. */
  public static final List<String> ALL =
      List.of(AND, FALSE, FOR, INCLUDE, LET, NOT, OR, PARAM, TRUE, WITH);

  private Keyword() {}
}
