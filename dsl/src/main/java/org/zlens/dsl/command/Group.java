package org.zlens.dsl.command;

/** What verbs are for, as help and the reference list them. */
public enum Group {
  SET_UP("set up"),
  LOOK("look"),
  ATTRIBUTE("attribute"),
  INTERVENE("intervene"),
  MEASURE("measure"),
  TRAIN("train"),
  TABLES("tables"),
  SESSION("session");

  private final String title;

  Group(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }
}
