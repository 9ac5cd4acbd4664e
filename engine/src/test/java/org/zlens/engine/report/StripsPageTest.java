package org.zlens.engine.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StripsPageTest {
  private static String page(StripsPage.Strip... strips) {
    return new StripsPage(
            SampleCards.HOSTILE,
            List.of(SampleCards.HOSTILE),
            List.of(strips),
            new Axis(SampleCards.HOSTILE, "logits"),
            List.of(SampleCards.HOSTILE))
        .html();
  }

  private static String said(String html) {
    return html.substring(html.indexOf("<body>"), html.lastIndexOf("<script>"));
  }

  @Test
  void marksAreAsStrongAsNumbersAreFarFromZero() {
    double[] numbers = {2, -1, Double.NaN, 0};
    assertThat(said(page(new StripsPage.Strip("0", List.of("a", "b", "c", "d"), numbers))))
        .contains(
            "<i style=\"--a:1\" data-v=\"2\">a</i><i class=\"below\" style=\"--a:.50\""
                + " data-v=\"-1\">b</i>c<i style=\"--a:.00\" data-v=\"0\">d</i>");
  }

  @Test
  void saysSoWhereAllIsZero() {
    assertThat(page(new StripsPage.Strip("0", List.of("a"), new double[] {0})))
        .contains("other than 0</p>");
  }

  @Test
  void readsNoTextAsMarkup() {
    String html =
        page(
            new StripsPage.Strip(
                SampleCards.HOSTILE,
                List.of(SampleCards.HOSTILE, "<".repeat(1 << 20)),
                new double[] {1, 2}));
    assertThat(said(html)).doesNotContain("<img", "\u202E", "\u2066", "\u0000", "<script");
    assertThat(html).contains("default-src 'none'; script-src 'sha256-").hasSizeLessThan(50_000);
  }

  @Test
  void eachTokenHasANumber() {
    assertThatThrownBy(() -> new StripsPage.Strip("", List.of("a"), new double[2]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
