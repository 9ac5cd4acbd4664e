package org.zlens.dsl.command.engine;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.data.Positions;
import org.zlens.engine.data.Prompt;

/** The labels of a position. */
public final class Labels {
  private Labels() {}

  /** The labels of a position in the order they were given; END comes last. */
  public static List<String> at(Prompt prompt, int position) {
    List<String> labels = new ArrayList<>();
    prompt
        .positions()
        .labels()
        .forEach(
            (label, place) -> {
              if (place == position) {
                labels.add(label);
              }
            });
    if (position == prompt.end()) {
      labels.add(Positions.END);
    }
    return labels;
  }
}
