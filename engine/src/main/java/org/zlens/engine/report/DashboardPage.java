package org.zlens.engine.report;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import org.zlens.engine.dashboard.FeatureCard;
import org.zlens.engine.dashboard.FeatureStatistics;
import org.zlens.engine.io.AtomicFile;

/**
 * Cards of features on one page (paper-spec E.1): one HTML file with everything in it. Its policy
 * allows it one script and no request whatsoever.
 *
 * <p>Pictures are drawn here, as SVG, since a plotting library would take three megabytes of the
 * half that a page may have.
 */
public final class DashboardPage {
  /** Bytes that a page may take; of one that would take more, bands show fewer places. */
  public static final int LARGEST = 500_000;

  private static final String SCRIPT = PageParts.resource("dashboard.js");

  private static final String DIFFERENCES =
      """
      <details><summary>What differs from the cards of the paper's code</summary>
      <ul>
      <li>The token in bold is the place itself, not the one after it.</li>
      <li>Every position counts but the beginning-of-text token and filling; the code leaves the \
      first and last five of a row out. Text is cut off at the ends of its row.</li>
      <li>Bands are of equal width, as in the code and unlike the quantiles that it names, but of \
      a power of two, so that there are 8 to 16 of them up to the largest activation and not 10. \
      Only places where the feature is active are drawn; in the code the lowest band is nearly \
      all zeros.</li>
      <li>The 20 smallest activations are not shown: they are all zero.</li>
      <li>Marks are as strong as the activation over the feature's largest; in the code all \
      above 1 look the same.</li>
      <li>Pages of heads leave out features that are never active on the text.</li>
      <li>Contributions of sources add up to the activation with the constant, which the paper \
      leaves out.</li>
      <li>Histograms, features active together and neighbours are those of the field's other \
      dashboards; the code's own card has none. The correlation is of being active, from a sample \
      of at most 128 places of each feature.</li>
      </ul></details>
      """;

  private final DashboardLinks links;
  private final TokenTexts tokens;
  private final ExampleHtml examples;

  /**
   * Writes pages of one SAE's features.
   *
   * @param pieces the texts of tokens
   * @param rows the tokens of the rows in which places lie
   */
  public DashboardPage(DashboardLinks links, IntFunction<String> pieces, LongFunction<int[]> rows) {
    this.links = links;
    this.tokens = new TokenTexts(pieces);
    this.examples = new ExampleHtml(tokens, rows);
  }

  /**
   * A page as text.
   *
   * @param notes sentences below the title
   * @param provenance lines for the foot of the page
   */
  public String html(
      String title, List<String> notes, List<FeatureCard> cards, List<String> provenance) {
    for (int drawn = FeatureStatistics.DRAWN; ; drawn--) {
      StringBuilder body = new StringBuilder(1 << 16);
      for (String note : notes) {
        body.append("<p class=\"notes\">").append(Html.text(note)).append("</p>\n");
      }
      if (drawn < FeatureStatistics.DRAWN) {
        body.append("<p class=\"notes\">So that the page stays small, ").append(drawn);
        body.append(" places are shown of a band at most.</p>\n");
      }
      int number = drawn;
      cards.forEach(card -> new CardHtml(links, tokens, examples).append(body, card, number));
      String end = DIFFERENCES + "<div id=\"tip\" role=\"status\"></div>\n";
      String page = PageParts.page(title, body.toString(), end, provenance, SCRIPT);
      if (drawn == 0 || page.getBytes(StandardCharsets.UTF_8).length <= LARGEST) {
        return page;
      }
    }
  }

  /**
   * Writes a page, wholly or not at all.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if the file cannot be written
   */
  public void write(
      Path path,
      String title,
      List<String> notes,
      List<FeatureCard> cards,
      List<String> provenance) {
    // Not forced to the disk, which takes longer than all the rest where pages are thousands.
    String page = html(title, notes, cards, provenance);
    AtomicFile.writePath(path, part -> Files.writeString(part, page));
  }
}
