package org.zlens.dsl.command;

import java.util.List;

/**
 * A page of help that is not about one verb.
 *
 * @param rows what there is to know, each row a form and what it means
 */
public record Topic(String name, String summary, List<List<String>> rows) {
  public Topic {
    rows = List.copyOf(rows);
  }

  /** The page as plain text. */
  public String text() {
    return name + " - " + summary + "\n\n" + HelpText.columns(rows);
  }
}
