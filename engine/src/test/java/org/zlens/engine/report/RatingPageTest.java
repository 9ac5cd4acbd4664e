package org.zlens.engine.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.measure.Example;
import org.zlens.engine.measure.Ratings;
import org.zlens.engine.measure.Verdict;

class RatingPageTest {
  private static final String HOSTILE =
      "</script><img src=x onerror=alert(1)>&'\"$x$%s\u202E\u0000";

  @TempDir private Path directory;

  private static RatingPage page(String text) {
    Example example = new Example(new int[] {1, 2, 3}, new float[] {0, 2, 0.5f}, 1);
    return new RatingPage(
        text,
        Ratings.blank(Map.of(text, text), List.of("L2.F4", "L2.F9")),
        List.of(
            new RatingCard(
                "L2.F4", text, List.of(example), List.of(example), List.of(text), List.of(text)),
            new RatingCard("L2.F9", text, List.of(), List.of(), List.of(), List.of())),
        id -> id == 2 ? text : " piece\n" + id,
        List.of(text));
  }

  private static String script(String html, String opening) {
    Matcher found =
        Pattern.compile(Pattern.quote(opening) + "(.*?)</script>", Pattern.DOTALL).matcher(html);
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  @Test
  void allowsItsOwnScriptAndAsksNothingOfAnyServer() {
    String html = page("names").html("names.ratings.json");
    assertThat(html)
        .contains("default-src 'none'; script-src 'sha256-")
        .contains("form-action 'none'")
        .doesNotContain(
            "unsafe-eval", "<link", "<iframe", "@import", "url(", " src=", "http:", "https:");
    assertThat(html)
        .contains(ScriptHash.of(script(html, "<script>").getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void readsNoTextAsMarkup() {
    String html = page(HOSTILE).html(HOSTILE);
    assertThat(html).doesNotContain("<img", "onerror=alert(1)>", "\u202E", "\u0000");
    assertThat(html.split("</script>", -1)).hasSize(3);
    assertThat(html.split("<script", -1)).hasSize(3);
    assertThat(html).contains("data-file=\"&lt;/script&gt;&lt;img src=x").contains("$x$%s");
  }

  @Test
  void holdsAnEmptyFileOfRatingsForItsCards() throws IOException {
    RatingPage page = page(HOSTILE);
    String sheet = script(page.html("r.json"), "<script type=\"application/json\" id=\"sheet\">");
    Path file = Files.writeString(directory.resolve("sheet.json"), sheet);
    assertThat(Ratings.read(file)).isEqualTo(page.ratings());
  }

  @Test
  void asksForEachFeatureWhatItIs() {
    String html = page("names").html("r.json");
    for (Verdict verdict : Verdict.values()) {
      assertThat(html)
          .contains("type=\"radio\" name=\"L2.F4\" value=\"" + verdict.word() + "\"")
          .contains("type=\"radio\" name=\"L2.F9\" value=\"" + verdict.word() + "\"");
    }
    assertThat(html)
        .contains("<article id=\"L2.F4\" tabindex=\"0\"")
        .contains("<b><span title=\"2.00\" style=\"background:rgba(var(--mark),1.00)\">names")
        .contains("rgba(var(--mark),0.25)\"> piece\u21b53</span>")
        .contains("it is active at no others")
        .contains("prefers-color-scheme: dark");
  }

  @Test
  void theBrowserNamesTheFileAfterThePage() throws IOException {
    Path file = directory.resolve("L2 & more.html");
    page("names").write(file);
    assertThat(Files.readString(file)).contains("data-file=\"L2 &amp; more.ratings.json\"");
  }

  @Test
  void ratingsOfOtherFeaturesAreRefused() {
    assertThatThrownBy(
            () ->
                new RatingPage(
                    "names",
                    Ratings.blank(Map.of(), List.of("L2.F4")),
                    List.of(),
                    Integer::toString,
                    List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
