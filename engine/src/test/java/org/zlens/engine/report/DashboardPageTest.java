package org.zlens.engine.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.zlens.engine.dashboard.FeatureCard;

class DashboardPageTest {
  private static String page(String text, FeatureCard... cards) {
    return SampleCards.pages(id -> id % 2 == 0 ? text : " word" + id, text)
        .html(text, List.of(text), List.of(cards), List.of(text));
  }

  private static int bytes(String page) {
    return page.getBytes(StandardCharsets.UTF_8).length;
  }

  /** What a page says without its own script and style. */
  private static String said(String html) {
    return html.substring(html.indexOf("<body>"), html.lastIndexOf("<script>"));
  }

  @Test
  void allowsItsOwnScriptAndAsksNothingOfAnyServer() {
    String html = page("names", SampleCards.full(7));
    assertThat(html)
        .contains("default-src 'none'; script-src 'sha256-")
        .contains("form-action 'none'")
        .doesNotContain("unsafe-eval", "<link", "<iframe", "@import", "url(", " src=", "<img");
    Matcher script = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(html);
    assertThat(script.find()).isTrue();
    assertThat(html).contains(ScriptHash.of(script.group(1).getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void readsNoTextAsMarkup() {
    String html = said(page(SampleCards.HOSTILE, SampleCards.full(7), SampleCards.dead(8)));
    assertThat(html)
        .doesNotContain("<img", "\u202E", "\u2066", "\u0000")
        .contains("&lt;/script&gt;&lt;img");
    assertThat(html.split("<script", -1)).hasSize(1);
  }

  @Test
  void showsAllThatACardHas() {
    String html = page("names", SampleCards.full(7));
    assertThat(html)
        .contains("0.64 % of the tokens (640 of 100000)")
        .contains("H11")
        .contains("correlation of being active")
        .contains("https://www.neuronpedia.org/gpt2-small/5-att-kk/7")
        .contains("<a href=\"L5.F14.html\">L5.F14</a>")
        .contains("<td>L5.F15</td>")
        .contains("15 to 16: 0.04 % of the tokens (40)")
        .contains("specificity")
        .contains("sensitivity");
    assertThat(html.split("<li class=\"x\"", -1)).hasSize(1 + 20 + 16 * 5);
    assertThat(html.split("<svg", -1)).hasSize(1 + 2);
  }

  @Test
  void aFeatureThatIsNeverActiveHasAPageToo() {
    assertThat(page("names", SampleCards.dead(8)))
        .contains("It is active nowhere in this text")
        .contains("none on this text");
  }

  @Test
  void tokensOfAMegabyteAreCutAndThePageStaysSmall() {
    String token = "<".repeat(1 << 20);
    String small =
        SampleCards.pages(id -> token, "proxy")
            .html("title", List.of(), List.of(SampleCards.full(7)), List.of());
    assertThat(bytes(small)).isLessThanOrEqualTo(DashboardPage.LARGEST);
    assertThat(small).contains("(1048576 characters)");
  }

  @Test
  void aPageOfTenCardsShowsFewerPlacesRatherThanGrow() {
    FeatureCard[] cards =
        IntStream.range(0, 10).mapToObj(SampleCards::full).toArray(FeatureCard[]::new);
    String html = page("a longer word", cards);
    assertThat(bytes(html)).isLessThanOrEqualTo(DashboardPage.LARGEST);
    assertThat(html).contains("places are shown of a band at most");
    assertThat(page("a", SampleCards.full(1))).doesNotContain("of a band at most");
  }

  @Test
  void numbersHaveThreeDigits() {
    for (double number :
        new double[] {0, 1, -1, 0.5, 12.345, 1234.5, 99.96, 0.00123456, 1e-7, -2.5e12, 999_999}) {
      String text = ShortNumber.of(number);
      double size = Math.abs(number);
      double tolerance = size >= 100 && size < 1e9 ? 0.5 : size * 0.005;
      assertThat(Double.parseDouble(text)).isBetween(number - tolerance, number + tolerance);
      assertThat(text.length()).isLessThanOrEqualTo(9);
    }
    assertThat(ShortNumber.of(0.5)).isEqualTo("0.5");
    assertThat(ShortNumber.of(12.345)).isEqualTo("12.3");
    assertThat(ShortNumber.of(-0.25)).isEqualTo("-0.25");
    assertThat(ShortNumber.aligned(-0.5)).isEqualTo("-0.500");
    assertThat(ShortNumber.aligned(6)).isEqualTo("6.00");
  }

  @Test
  void anIndexHoldsItsRowsHarmlessly() {
    IndexPage index =
        new IndexPage(
            List.of(
                new IndexPage.Column(SampleCards.HOSTILE, false),
                new IndexPage.Column("share", true)));
    index.add("a.html", SampleCards.HOSTILE, 1.5);
    index.add("b.html", "b", null);
    String html = index.html(SampleCards.HOSTILE, List.of("note"), List.of("from"));
    assertThat(said(html).toLowerCase(Locale.ROOT)).doesNotContain("<img", "\u202e");
    IndexPage plain = new IndexPage(List.of(new IndexPage.Column("name", false)));
    assertThat(plain.html("title", List.of("note"), List.of("from")))
        .contains("default-src 'none'; script-src 'sha256-")
        .doesNotContain(" src=", "http:", "https:");
  }
}
