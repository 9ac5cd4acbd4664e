package org.zlens.dsl.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.study.Verdict.Outcome;
import org.zlens.engine.ZlensException;

/** Studies are read strictly, and their numbers are held against those expected, both ways. */
class StudyTest {
  private static final String EXPECTED =
      """
      {"title": "A third", "paper": "Table 0", "question": "What is a third?",
       "models": {"sprig": {}, "gpt2-small": {"parts": "7"}},
       "findings": {
         "share": {"about": "one part",
                   "sprig": {"value": 0.333, "within": 0.001},
                   "gpt2-small": {"value": 0.2, "within": 0.01, "source": "Table 0"}},
         "parts": {"about": "how many", "control": true, "sprig": {"above": 2, "below": 4},
                   "gpt2-small": {}}}}
      """;

  private static final String RECIPE =
      """
      param model = "sprig"
      param parts = 3
      finding "share" is 1 / parts
      finding "parts" is parts
      """;

  @TempDir private Path examples;
  private Path folder;

  @BeforeEach
  void write() throws IOException {
    folder = Files.createDirectory(examples.resolve("third"));
    Files.writeString(folder.resolve("expected.json"), EXPECTED);
    Files.writeString(folder.resolve("recipe.zl"), RECIPE);
  }

  private StudyResult run(String... arguments) {
    Study study = Study.read(examples, "third");
    try (Session session =
        new Session(
            new Registry(BuiltinCommands.all()),
            Settings.STANDARD,
            ResultListener.none(),
            examples)) {
      return new StudyRun(study, List.of(arguments)).run(session, new ArrayList<>());
    }
  }

  private Map<String, Outcome> outcomes(StudyResult result) {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    result.verdicts().forEach(verdict -> outcomes.put(verdict.finding(), verdict.outcome()));
    return outcomes;
  }

  @Test
  void numbersAsExpectedHold() {
    StudyResult result = run();
    assertThat(result.holds()).isTrue();
    assertThat(outcomes(result))
        .containsExactly(Map.entry("share", Outcome.HOLDS), Map.entry("parts", Outcome.HOLDS));
    assertThat(VerdictTable.rows(result).get(0))
        .containsExactly("share", "0.2 (gpt2-small, Table 0)", "0.333 ± 0.001", "0.3333", "holds");
    assertThat(VerdictTable.of(result).notes())
        .anySatisfy(note -> assertThat(note).startsWith("2 of 2 numbers hold on sprig"));
  }

  @Test
  void otherNumbersFail() {
    StudyResult result = run("parts=5");
    assertThat(result.holds()).isFalse();
    assertThat(outcomes(result).values()).containsExactly(Outcome.FAILS, Outcome.FAILS);
  }

  @Test
  void aModelHasItsOwnParametersAndNumbers() {
    StudyResult result = run("model=gpt2-small");
    assertThat(result.holds()).isFalse();
    assertThat(outcomes(result))
        .containsExactly(
            Map.entry("share", Outcome.FAILS), Map.entry("parts", Outcome.NOT_PUBLISHED));
    assertThat(run("model=gpt2-small", "parts=5").holds()).isTrue();
  }

  @Test
  void aParameterMayNameAFileBesideTheRecipe() throws IOException {
    Files.writeString(
        folder.resolve("expected.json"),
        EXPECTED.replace("\"sprig\": {}", "\"sprig\": {\"rows\": \"{study}/rows.csv\"}"));
    Files.writeString(
        folder.resolve("recipe.zl"), RECIPE + "param rows = \"rows.csv\"\ntable $rows\n");
    Files.writeString(folder.resolve("rows.csv"), "a\n1\n");
    assertThat(run().failure()).isEmpty();
    assertThat(run().holds()).isTrue();
    assertThat(run("rows=nowhere.csv").failure()).isPresent();
  }

  @Test
  void aNumberThatOnlyOneSideKnowsFails() throws IOException {
    Files.writeString(
        folder.resolve("recipe.zl"), "param model = \"sprig\"\nfinding \"shares\" is 1 / 3");
    StudyResult result = run();
    assertThat(result.holds()).isFalse();
    assertThat(outcomes(result))
        .containsExactly(
            Map.entry("share", Outcome.MISSING),
            Map.entry("parts", Outcome.MISSING),
            Map.entry("shares", Outcome.UNLISTED));
    assertThat(StudyReport.of(List.of(result, result)).html())
        .contains("A third", "not in expected.json", "missing", "0 of 3", "All studies")
        .contains("<td><a href=\"#third\">third</a></td>", "<section id=\"third\">");
  }

  @Test
  void aRecipeThatStopsFailsWithWhatItHasFound() throws IOException {
    Files.writeString(folder.resolve("recipe.zl"), RECIPE + "expect parts > 3\n");
    StudyResult result = run();
    assertThat(result.holds()).isFalse();
    assertThat(result.good()).isEqualTo(2);
    assertThat(result.failure())
        .hasValueSatisfying(
            failure -> assertThat(failure.message()).isEqualTo("expected parts > 3, found 3"));
  }

  @Test
  void whatNobodyExpectsIsRefused() {
    assertThatThrownBy(() -> run("model=gpt3"))
        .isInstanceOf(ZlensException.class)
        .hasMessage("the study 'third' expects nothing of the model 'gpt3'");
    assertThatThrownBy(() -> run("model"))
        .hasMessage("expected NAME=VALUE once for each name, found 'model'");
    assertThatThrownBy(() -> Study.read(examples, "thrid")).hasMessage("no study 'thrid'");
  }

  @Test
  void aWrongFileIsRefused() throws IOException {
    refused("\"value\": 0.333, \"within\": 0.001", "\"value\": 0.333", "neither a 'value'");
    refused("\"within\": 0.001", "\"within\": -1", "is negative");
    refused("\"control\": true, ", "", "no finding is a control");
    refused(", \"source\": \"Table 0\"", "", "lacks a 'source'");
    refused("\"within\": 0.001", "\"within\": 0.001, \"source\": \"here\"", "has a 'source'");
    refused("\"above\"", "\"abvoe\"", "unknown setting");
    refused("\"sprig\": {}, ", "", "lacks 'sprig'");
    refused("\"title\": \"A third\", ", "", "has no setting 'title'");
  }

  private void refused(String from, String to, String message) throws IOException {
    assertThat(EXPECTED).contains(from);
    Files.writeString(folder.resolve("expected.json"), EXPECTED.replace(from, to));
    assertThatThrownBy(() -> Study.read(examples, "third"))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining(message);
  }
}
