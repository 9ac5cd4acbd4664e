package org.zlens.dsl.command.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.zlens.dsl.session.TreeValue;
import tech.tablesaw.api.Table;

/** Ctrl-C in an audit leaves the whole tree with what was measured of it until then. */
class InterruptedAuditTest extends InterruptedSession {
  private void interrupt(String text) {
    // The first parts are only taken out of what single layers read.
    interrupt(
        text, (what, done, total) -> what.startsWith("audit") && done >= 1 && 3 * done >= total);
  }

  @Test
  void theTreeIsKeptWithWhatWasMeasured() {
    interrupt("rdfa logit depth 2 width 3 audit; 40 + 2");
    assertThat(shown).hasSize(1);
    TreeValue part = (TreeValue) session.last();
    assertThat(part).isSameAs(shown.get(0));
    assertThat(part.notes().toString())
        .containsPattern("interrupted: [1-9]\\d* of \\d+ parts are measured");
    Table rows = part.table().table();
    run("rdfa logit depth 2 width 3 audit");
    TreeValue all = (TreeValue) session.last();
    Table whole = all.table().table();
    assertThat(whole.rowCount()).isEqualTo(rows.rowCount());
    assertThat(measured(rows)).isPositive().isLessThan(measured(whole));
    for (int row = 0; row < rows.rowCount(); row++) {
      if (!rows.doubleColumn("exact").isMissing(row)) {
        assertThat(rows.doubleColumn("exact").get(row))
            .isEqualTo(whole.doubleColumn("exact").get(row));
      }
    }
    assertThat(part.graph()).isPresent();
    run("rdfa logit depth 1 width 2");
  }

  @Test
  void aMeanIsMeasuredWhereAllOfItsPromptsAre() {
    interrupt("rdfa logit across prompts depth 2 width 2 audit; 40 + 2");
    assertThat(shown).hasSize(1);
    TreeValue part = (TreeValue) session.last();
    assertThat(part.notes().toString())
        .containsPattern("interrupted: [12] of 4 prompts are measured");
    Table rows = part.table().table();
    run("rdfa logit across prompts depth 2 width 2 audit");
    Table whole = ((TreeValue) session.last()).table().table();
    assertThat(whole.rowCount()).isEqualTo(rows.rowCount());
    assertThat(measured(rows)).isLessThan(measured(whole));
  }

  private static int measured(Table rows) {
    return rows.columnNames().contains("exact")
        ? rows.rowCount() - rows.column("exact").countMissing()
        : 0;
  }
}
