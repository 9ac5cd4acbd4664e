package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Map;
import org.zlens.engine.attribute.Explained;
import org.zlens.engine.attribute.MeanTree;

/** How the rows of a mean tree differ between the prompts. */
record SpreadRows(MeanTree tree) implements TreeColumns {
  @Override
  public void add(Map<String, Object> cells, Explained row) {
    MeanTree.Spread spread = tree.spreads().get(row.row());
    if (spread != null) {
      cells.put("spread", spread.deviation());
      cells.put("prompts", spread.prompts());
    }
  }

  @Override
  public List<String> notes(String root) {
    return List.of(
        "means over "
            + tree.prompts()
            + " prompts, nothing where a prompt lacks the part; 'prompts' have it, 'spread' is the"
            + " standard deviation over all of them");
  }
}
