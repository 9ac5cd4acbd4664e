package org.zlens.repl.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.TreeNode;
import org.zlens.dsl.session.TreeValue;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class ShortenedTest {
  private static final String HUGE = "<script>".repeat(1 << 17);

  @Test
  void aLongTextSaysHowLongItIs() {
    assertThat(Shortened.text("short")).isEqualTo("short");
    assertThat(Shortened.text(HUGE)).startsWith("<script>").endsWith("… (1,048,576 characters)");
    assertThat(Shortened.text(HUGE).length()).isLessThan(400);
    String pair = "x".repeat(299) + "😀😀";
    assertThat(Shortened.text(pair)).startsWith("x".repeat(299) + "…");
  }

  @Test
  void aTableKeepsItsFirstRowsAndTheStartOfEachCell() {
    StringColumn tokens = StringColumn.create("token");
    IntColumn numbers = IntColumn.create("number");
    for (int i = 0; i < 700; i++) {
      tokens.append(i == 0 ? HUGE : "t");
      numbers.append(i);
    }
    tokens.set(1, (String) null);
    TableValue whole = new TableValue(Table.create("many", tokens, numbers));
    TableValue some = (TableValue) Shortened.value(whole);
    assertThat(some.table().rowCount()).isEqualTo(500);
    assertThat(some.table().stringColumn("token").get(0).length()).isLessThan(400);
    assertThat(some.table().stringColumn("token").isMissing(1)).isTrue();
    assertThat(some.table().intColumn("number").get(499)).isEqualTo(499);
    assertThat(some.notes()).containsExactly("the page shows 500 of 700 rows; 'save' keeps all");
    assertThat(whole.table().rowCount()).isEqualTo(700);
  }

  @Test
  void aTreeKeepsItsFirstRows() {
    List<TreeNode> many =
        IntStream.range(0, 800)
            .mapToObj(i -> new TreeNode("n" + i, Map.of("token", HUGE), List.of()))
            .toList();
    TreeValue whole =
        new TreeValue("tree", new TreeNode(HUGE, Map.of(), many), Map.of(), List.of());
    TreeValue some = (TreeValue) Shortened.value(whole);
    assertThat(some.root().children()).hasSize(499);
    assertThat(some.root().label().length()).isLessThan(400);
    assertThat(some.root().children().get(3).cells().get("token").toString().length())
        .isLessThan(400);
    assertThat(some.notes()).hasSize(1);
  }

  @Test
  void whatIsSmallStaysAsItIs() {
    TextValue text = new TextValue("a text");
    assertThat(Shortened.value(text)).isSameAs(text);
    assertThat(Shortened.value(new TextValue(HUGE)).toString().length()).isLessThan(7000);
  }
}
