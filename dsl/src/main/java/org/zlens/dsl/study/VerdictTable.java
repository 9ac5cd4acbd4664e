package org.zlens.dsl.study;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.TableValue;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The verdicts on a study as rows: what is published, what was measured, and what comes of it. */
public final class VerdictTable {
  /** The heads of its columns, in order. */
  public static final List<String> HEADS =
      List.of("finding", "published", "expected", "measured", "verdict");

  private VerdictTable() {}

  /** The rows as texts, as a page shows them. */
  public static List<List<String>> rows(StudyResult result) {
    return result.verdicts().stream()
        .map(
            verdict ->
                List.of(
                    verdict.finding(),
                    published(verdict, result.model()),
                    expected(verdict, result.model()),
                    verdict.measured().isPresent() ? shortly(verdict.measured().getAsDouble()) : "",
                    verdict.outcome().words()))
        .toList();
  }

  /** The rows as a table. */
  public static TableValue of(StudyResult result) {
    StringColumn finding = StringColumn.create(HEADS.get(0));
    StringColumn published = StringColumn.create(HEADS.get(1));
    StringColumn expected = StringColumn.create(HEADS.get(2));
    DoubleColumn measured = DoubleColumn.create(HEADS.get(3));
    StringColumn verdict = StringColumn.create(HEADS.get(4));
    for (Verdict one : result.verdicts()) {
      finding.append(one.finding());
      append(published, published(one, result.model()));
      append(expected, expected(one, result.model()));
      measured.append(one.measured().orElse(Double.NaN));
      verdict.append(one.outcome().words());
    }
    List<String> notes = new ArrayList<>();
    notes.add(result.study().title() + ", " + result.study().paper());
    notes.add(
        result.good()
            + " of "
            + result.verdicts().size()
            + " numbers hold on "
            + result.model()
            + ", "
            + NumberValue.format(Math.round(result.seconds() * 10) / 10.0)
            + " s");
    result.failure().ifPresent(failure -> notes.add("the recipe has failed: " + failure.message()));
    Table table =
        Table.create(result.study().name(), finding, published, expected, measured, verdict);
    return new TableValue(table, Map.of(), notes);
  }

  private static String shortly(double number) {
    BigDecimal digits = BigDecimal.valueOf(number).round(new MathContext(4));
    return NumberValue.format(digits.doubleValue());
  }

  private static void append(StringColumn column, String text) {
    if (text.isEmpty()) {
      column.appendMissing();
    } else {
      column.append(text);
    }
  }

  private static String expected(Verdict verdict, String model) {
    return verdict.expected().flatMap(one -> one.on(model)).map(Expectation::phrase).orElse("");
  }

  /** What the paper says, of the model at hand or else of the first that it speaks of. */
  private static String published(Verdict verdict, String model) {
    Optional<ExpectedFinding> expected = verdict.expected();
    if (expected.isEmpty()) {
      return "";
    }
    Map<String, Expectation> models = expected.get().models();
    return models.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(Study.SPRIG))
        .filter(entry -> model.equals(Study.SPRIG) || entry.getKey().equals(model))
        .filter(entry -> entry.getValue().isKnown())
        .sorted(Map.Entry.comparingByKey())
        .findFirst()
        .map(
            entry ->
                phrase(entry.getValue())
                    + " ("
                    + entry.getKey()
                    + ", "
                    + entry.getValue().source().orElse("")
                    + ")")
        .orElse("");
  }

  private static String phrase(Expectation published) {
    return published.value().isPresent()
        ? NumberValue.format(published.value().getAsDouble())
        : published.phrase();
  }
}
