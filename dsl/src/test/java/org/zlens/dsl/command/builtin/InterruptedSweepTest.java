package org.zlens.dsl.command.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.session.TableValue;
import tech.tablesaw.api.Table;

/** Ctrl-C in a sweep leaves a table of what is done. */
class InterruptedSweepTest extends InterruptedSession {
  private void interrupt(String text, long after) {
    interrupt(
        text,
        (what, done, total) ->
            (what.startsWith("sweep") || what.startsWith("exact")) && done >= after);
  }

  @Test
  void whatIsDoneIsShownAndKept() {
    for (String sweep :
        List.of(
            "sweep heads at S2 by none",
            "sweep features L2 at S2 by none",
            "sweep sites at S2 END zero by none")) {
      shown.clear();
      interrupt(sweep + "; 40 + 2", 2);
      assertThat(shown).hasSize(1);
      TableValue part = (TableValue) session.last();
      assertThat(part).isSameAs(shown.get(0));
      assertThat(part.notes().toString()).containsPattern("interrupted: \\d+ of \\d+ are done");
      Table rows = part.table();
      assertThat(rows.rowCount()).isPositive();
      run(sweep);
      Table whole = ((TableValue) session.last()).table();
      assertThat(rows.rowCount()).isLessThan(whole.rowCount());
      assertThat(whole.columnNames()).isEqualTo(rows.columnNames());
      String first = key(rows, 0);
      for (int row = 0; row < whole.rowCount(); row++) {
        if (key(whole, row).equals(first)) {
          assertThat(whole.doubleColumn("effect").get(row))
              .isCloseTo(rows.doubleColumn("effect").get(0), offset(1e-4));
        }
      }
    }
  }

  private static String key(Table table, int row) {
    StringBuilder key = new StringBuilder();
    for (String name : List.of("head", "feature", "site", "layer", "position")) {
      if (table.columnNames().contains(name)) {
        key.append(table.getString(row, name)).append(' ');
      }
    }
    return key.toString();
  }

  @Test
  void aNameGetsWhatIsDone() {
    interrupt("let effects = sweep heads at S2; 40 + 2", 3);
    run("count(effects.effect) > 0");
    assertThat(shown.get(shown.size() - 1).toString()).isEqualTo("true");
  }

  @Test
  void estimatesStayWhereExactEffectsAreNotDone() {
    for (String verb :
        List.of(
            "attribute heads at END by none exact 12",
            "attribute features L2 at S2 by none exact 12",
            "attribute sites resid_pre at S2 END by none zero exact 8")) {
      shown.clear();
      interrupt(verb + "; 40 + 2", 2);
      assertThat(shown).hasSize(1);
      TableValue part = (TableValue) session.last();
      assertThat(part.notes().toString()).containsPattern("interrupted: \\d+ exact effects");
      run(verb);
      Table whole = ((TableValue) session.last()).table();
      assertThat(part.table().rowCount()).isEqualTo(whole.rowCount());
      assertThat(part.table().doubleColumn("estimate").asList())
          .isEqualTo(whole.doubleColumn("estimate").asList());
      int done = exact(part.table());
      assertThat(done).isPositive().isLessThan(exact(whole));
    }
  }

  private static int exact(Table table) {
    return table.rowCount() - table.doubleColumn("exact").countMissing();
  }

  @Test
  void beforeTheFirstNothingIsKept() {
    interrupt("sweep heads at S2", 0);
    assertThat(shown).isEmpty();
  }
}
