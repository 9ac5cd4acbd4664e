package org.zlens.dsl.study;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.session.NumberValue;
import org.zlens.engine.report.ReportPage;
import org.zlens.engine.report.ReportPage.Row;
import org.zlens.engine.report.ReportPage.Section;

/** The page of some studies: all of their numbers, and every picture that they drew. */
public final class StudyReport {
  private static final List<String> SUMMARY =
      List.of("study", "paper", "model", "numbers that hold", "seconds", "verdict");

  private StudyReport() {}

  /** The page of what some runs have come to. */
  public static ReportPage of(List<StudyResult> results) {
    List<Section> sections = new ArrayList<>();
    if (results.size() > 1) {
      List<Row> rows =
          results.stream()
              .map(result -> new Row(summary(result), result.holds(), result.study().name()))
              .toList();
      sections.add(new Section("All studies", List.of(), SUMMARY, rows, List.of(), ""));
    }
    results.forEach(result -> sections.add(section(result)));
    List<String> notes =
        List.of(
            "Studies of 'Interpreting Attention Layer Outputs with Sparse Autoencoders' (arXiv"
                + " 2406.17759).",
            "'published' is what the paper says of its model, 'expected' what the number should be"
                + " on the model that the study ran on.");
    String title = results.size() == 1 ? results.get(0).study().title() : "The paper, executed";
    return new ReportPage(title, notes, sections);
  }

  /** How a study fared, in a row under heads that {@link #heads()} gives. */
  public static List<String> summary(StudyResult result) {
    return List.of(
        result.study().name(),
        result.study().paper(),
        result.model(),
        result.good() + " of " + result.verdicts().size(),
        NumberValue.format(Math.round(result.seconds() * 10) / 10.0),
        result.holds() ? "holds" : "fails");
  }

  /** The heads of {@link #summary}. */
  public static List<String> heads() {
    return SUMMARY;
  }

  private static Section section(StudyResult result) {
    List<String> texts = new ArrayList<>();
    texts.add(result.study().paper() + ". " + result.study().question());
    result.failure().ifPresent(failure -> texts.add("The recipe has failed: " + failure.message()));
    List<String> heads = new ArrayList<>(VerdictTable.HEADS);
    heads.add("what it is");
    List<Row> rows = new ArrayList<>();
    List<List<String>> cells = VerdictTable.rows(result);
    for (int i = 0; i < cells.size(); i++) {
      Verdict verdict = result.verdicts().get(i);
      List<String> row = new ArrayList<>(cells.get(i));
      row.add(
          verdict
              .expected()
              .map(expected -> (expected.control() ? "control: " : "") + expected.about())
              .orElse(""));
      rows.add(new Row(row, verdict.outcome().isGood(), ""));
    }
    return new Section(
        result.study().title(), texts, heads, rows, result.plots(), result.study().name());
  }
}
