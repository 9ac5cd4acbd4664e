package org.zlens.dsl.command.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.syntax.SourceText;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Table verbs on any table: what holds whatever the cells are. */
class TableVerbsTest {
  private static final Registry REGISTRY = new Registry(BuiltinCommands.all());

  /** A row of the tables below; null and NaN are missing cells. */
  record Row(String key, Integer group, double number) {}

  @Provide
  Arbitrary<List<Row>> rows() {
    return Combinators.combine(
            Arbitraries.of("L2.F3", "L2.F10", "L10.F1", " Bob", "7").injectNull(0.1),
            Arbitraries.integers().between(-2, 2).injectNull(0.1),
            Arbitraries.integers().between(-1000, 1000).map(i -> i == 13 ? Double.NaN : i / 8.0))
        .as(Row::new)
        .list()
        .ofMaxSize(30);
  }

  private static TableValue table(List<Row> rows) {
    StringColumn key = StringColumn.create("key");
    IntColumn group = IntColumn.create("group");
    DoubleColumn number = DoubleColumn.create("number");
    for (Row row : rows) {
      if (row.key() == null) {
        key.appendMissing();
      } else {
        key.append(row.key());
      }
      if (row.group() == null) {
        group.appendMissing();
      } else {
        group.append(row.group());
      }
      number.append(row.number());
    }
    return new TableValue(
        Table.create("rows", key, group, number), Map.of("number", "nats"), List.of("a note"));
  }

  private static TableValue run(String script, TableValue left, TableValue right) {
    try (Session session = new Session(REGISTRY, ResultListener.none())) {
      session.setVariable("left", left);
      session.setVariable("right", right);
      new Interpreter(session).run(new SourceText("test", script));
      return (TableValue) session.last();
    }
  }

  private static List<Row> rows(TableValue value) {
    List<Row> rows = new ArrayList<>();
    Table table = value.table();
    for (int i = 0; i < table.rowCount(); i++) {
      rows.add(
          new Row(
              table.column("key").isMissing(i) ? null : table.stringColumn("key").get(i),
              table.column("group").isMissing(i) ? null : table.intColumn("group").get(i),
              table.doubleColumn("number").getDouble(i)));
    }
    return rows;
  }

  @Property(tries = 200)
  void sortingIsAnOrderedPermutation(@ForAll("rows") List<Row> rows) {
    List<Row> sorted =
        rows(run("left | sort by group, number descending", table(rows), table(rows)));
    assertThat(sorted).containsExactlyInAnyOrderElementsOf(rows);
    Comparator<Row> order =
        Comparator.comparing(Row::group, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(row -> Double.isNaN(row.number()) ? Double.MAX_VALUE : -row.number());
    assertThat(sorted).isSortedAccordingTo(order);
  }

  @Property(tries = 200)
  void groupsAddUpToTheWhole(@ForAll("rows") List<Row> rows) {
    TableValue groups =
        run("left | group by key, group sum number count", table(rows), table(rows));
    double whole =
        rows.stream().mapToDouble(Row::number).filter(number -> !Double.isNaN(number)).sum();
    assertThat(groups.table().doubleColumn("sum(number)").sum()).isCloseTo(whole, within(1e-9));
    assertThat(groups.table().doubleColumn("count").sum()).isEqualTo(rows.size());
    assertThat(groups.table().rowCount())
        .isEqualTo(rows.stream().map(r -> Arrays.asList(r.key(), r.group())).distinct().count());
    assertThat(groups.units()).containsEntry("sum(number)", "nats").doesNotContainKey("count");
  }

  @Property(tries = 200)
  void joinsAreThoseOfTwoLoops(
      @ForAll("rows") List<Row> left, @ForAll("rows") List<Row> right, @ForAll boolean keepAll) {
    List<List<Object>> expected = new ArrayList<>();
    for (Row a : left) {
      boolean alone = true;
      for (Row b : right) {
        if (a.key() != null
            && a.key().equals(b.key())
            && a.group() != null
            && a.group().equals(b.group())) {
          expected.add(Arrays.asList(a, b.number()));
          alone = false;
        }
      }
      if (alone && keepAll) {
        expected.add(Arrays.asList(a, Double.NaN));
      }
    }
    TableValue joined =
        run(
            "left | join right on key, group" + (keepAll ? " left" : ""),
            table(left),
            table(right));
    List<Row> rows = rows(joined);
    List<List<Object>> found = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      found.add(
          Arrays.asList(rows.get(i), joined.table().doubleColumn("number_right").getDouble(i)));
    }
    assertThat(found).isEqualTo(expected);
    assertThat(joined.units()).containsEntry("number_right", "nats");
  }

  @Property(tries = 100)
  void whatAConditionHoldsInAndWhatItsOppositeDoesAreAllButTheMissing(
      @ForAll("rows") List<Row> rows) {
    TableValue table = table(rows);
    int yes = run("left | where number > 0.5", table, table).table().rowCount();
    int no = run("left | where not number > 0.5", table, table).table().rowCount();
    int missing = run("left | where missing(number)", table, table).table().rowCount();
    assertThat(yes + no + missing).isEqualTo(rows.size());
  }

  @Test
  void unitsAndNotesStay() {
    TableValue table = table(List.of(new Row("a", 1, 2), new Row("a", null, Double.NaN)));
    for (String verb :
        List.of(
            "where number > 0",
            "sort by key",
            "top 1",
            "select number",
            "group by key max number")) {
      assertThat(run("left | " + verb, table, table).notes()).as(verb).contains("a note");
    }
    TableValue chosen =
        run(
            "left | select abs(number) as size, number * 2 as twice, number / number as one",
            table,
            table);
    assertThat(chosen.units()).isEqualTo(Map.of("size", "nats", "twice", "nats"));
  }

  @Test
  void notesTellWhatWasLeftOutAndWhereKeysRepeat() {
    TableValue table = table(List.of(new Row("a", 1, 2), new Row("a", null, Double.NaN)));
    TableValue other = table(List.of(new Row("a", 1, 2), new Row("a", 2, 1), new Row("b", 3, 4)));
    assertThat(run("left | group by key mean number", table, table).notes())
        .contains("1 missing cell of number left out");
    assertThat(run("left | join right on key", table, other).notes())
        .contains(
            "1 of 3 rows of 'right' have no partner here",
            "1 key has several rows in both tables; each stands beside each");
    assertThat(run("left | join right on group", table, other).notes())
        .contains("1 of 2 rows have no partner in 'right' and are left out");
  }
}
