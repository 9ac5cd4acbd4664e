package org.zlens.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

class RatingsTest {
  @TempDir private Path directory;

  private void refused(String json, String... parts) throws IOException {
    Path file = Files.writeString(directory.resolve("r.json"), json);
    assertThatThrownBy(() -> Ratings.read(file))
        .isInstanceOfSatisfying(
            ZlensException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DATA))
        .hasMessageStartingWith("'" + file + "'")
        .message()
        .contains(parts)
        .hasSizeLessThan(500 + file.toString().length());
  }

  private static String rating(String feature, String verdict, String explanation) {
    return "{\"feature\":"
        + feature
        + ",\"rating\":"
        + verdict
        + ",\"explanation\":"
        + explanation
        + "}";
  }

  private static String file(String about, String ratings) {
    return "{\"format\":\""
        + Ratings.FORMAT
        + "\",\"about\":"
        + about
        + ",\"ratings\":"
        + ratings
        + "}";
  }

  @Test
  void whatIsWrittenIsRead() {
    Ratings ratings =
        new Ratings(
            Map.of("model", "sprig \"\u202e</script>"),
            List.of(
                new Rating("L2.F4", Optional.of(Verdict.MONOSEMANTIC), "names, \"S2\"\n\u2713"),
                new Rating("L2.R5", Optional.of(Verdict.POLYSEMANTIC), ""),
                Rating.blank("L2.F6")));
    Path path = directory.resolve("ratings.json");
    ratings.write(path);
    assertThat(Ratings.read(path)).isEqualTo(ratings);
    assertThat(ratings.rated()).isEqualTo(2);
    assertThat(ratings.count(Verdict.MONOSEMANTIC)).isEqualTo(1);
    assertThat(ratings.count(Verdict.BISEMANTIC)).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "5 | null | \"\" | 'ratings[0].feature' is '5', expected a text",
        "\"L2\" | null | \"\" | 'ratings[0].feature' is 'L2', expected one such as 'L2.F417'",
        "null | null | \"\" | has no setting 'ratings[0].feature'",
        "\"L2.F1\" | true | \"\" | 'ratings[0].rating' is 'true', expected a text",
        "\"L2.F1\" | \"good\" | \"\" | 'ratings[0].rating' is 'good', which is not known",
        "\"L2.F1\" | null | [1] | 'ratings[0].explanation' is '[1]', expected a text",
        "\"L2.F1\" | null | \"\",\"ratin\":1 | unknown setting 'ratings[0].ratin'",
        "\"L2.F1\" | null | \"\",\"rating\":1 | Duplicate field 'rating'",
      })
  void aRatingOfAnotherFormIsRefusedByItsKey(
      String feature, String verdict, String explanation, String message) throws IOException {
    refused(file("{}", "[" + rating(feature, verdict, explanation) + "]"), message);
  }

  @Test
  void aFileOfAnotherFormIsRefused() throws IOException {
    String one = rating("\"L2.F1\"", "null", "\"\"");
    refused("", "is empty");
    refused("[]", "is not a JSON object");
    refused("{}", "has no setting 'format'");
    refused("{\"format\":\"zlens ratings 9\"}", "'format' is 'zlens ratings 9'");
    refused(file("{}", one), "'ratings' is", "expected a list");
    refused(file("{}", "[7]"), "'ratings[0]' is '7', expected a dictionary");
    refused(file("7", "[]"), "'about' is '7', expected a dictionary");
    refused(file("{\"model\":{}}", "[]"), "'about.model' is '{}', expected a text");
    refused(file("{}", "[" + one + "," + one + "]"), "'ratings[1].feature' is L2.F1", "above");
    refused(file("{}", "[]") + "x", "is not valid JSON");
    refused(file("{}", "[]").replaceFirst("}$", ",\"by\":1}"), "unknown setting 'by'");
  }

  @Test
  void whatIsTooLargeIsRefused() throws IOException {
    String text = "x".repeat(Rating.LONGEST + 1);
    refused(
        file("{}", "[" + rating("\"L2.F1\"", "null", "\"" + text + "\"") + "]"),
        "'ratings[0].explanation' has 2001 characters, at most 2000 are read");
    refused(file("{\"model\":\"" + text + "\"}", "[]"), "'about.model' has 2001 characters");
    refused(file("{\"" + text + "\":\"\"}", "[]"), "'about.xxx", "is one too many, or too long");
    refused(
        file("{}", "[" + "{},".repeat(RatingsReader.MOST) + "{}]"),
        "'ratings' has 10001 entries, at most 10000 are read");
    refused(" ".repeat(16 << 20) + "{}", "too many for a configuration");
    refused(file("{}", "[".repeat(5000)), "is not valid JSON");
  }

  @Test
  void aFileThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> Ratings.read(directory.resolve("none.json")))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("no such file");
  }
}
