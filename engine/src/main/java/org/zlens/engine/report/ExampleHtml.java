package org.zlens.engine.report;

import java.util.List;
import java.util.function.LongFunction;
import org.zlens.engine.dashboard.KeptExample;

/**
 * Places of a feature in their text, and beside each the text around the source that brings most of
 * it.
 */
final class ExampleHtml {
  /** What is fainter than this share of the strongest is not marked. */
  private static final double FAINTEST = 0.02;

  private final TokenTexts tokens;
  private final LongFunction<int[]> rows;

  ExampleHtml(TokenTexts tokens, LongFunction<int[]> rows) {
    this.tokens = tokens;
    this.rows = rows;
  }

  /** The largest contribution of a source among some places; 0 where none is told. */
  static float strongestSource(List<KeptExample> examples) {
    float most = 0;
    for (KeptExample one : examples) {
      for (float contribution : one.contributions()) {
        most = Math.max(most, contribution);
      }
    }
    return most;
  }

  /**
   * A list of places.
   *
   * @param label what they are
   * @param most the activation that is marked most strongly
   * @param source the contribution that is marked most strongly
   */
  void append(
      StringBuilder page, String label, List<KeptExample> examples, double most, double source) {
    page.append("<ol class=\"examples\" aria-label=\"").append(Html.text(label)).append("\">\n");
    for (KeptExample one : examples) {
      int[] ids = rows.apply(one.row());
      page.append("<li class=\"x\" tabindex=\"-1\"><span class=\"v\">");
      page.append(ShortNumber.aligned(one.activation())).append("</span><span class=\"t\">");
      window(page, ids, one.position(), one.around(), ids.length, most);
      page.append("</span><span class=\"s\">");
      if (one.source() >= 0) {
        page.append("<span class=\"n\">").append(back(one)).append("</span> ");
        window(page, ids, one.source(), one.contributions(), one.position() + 1, source);
      }
      page.append("</span></li>\n");
    }
    page.append("</ol>\n");
  }

  private static String back(KeptExample one) {
    int back = one.position() - one.source();
    return back == 0 ? "here" : back + " back";
  }

  /** The tokens around a place, up to the end of what counts, each marked by its value. */
  private void window(
      StringBuilder page, int[] ids, int place, float[] values, int end, double most) {
    int around = values.length / 2;
    for (int i = 0; i < values.length; i++) {
      int at = place - around + i;
      if (at < 0 || at >= end) {
        continue;
      }
      if (i == around) {
        page.append("<b>");
      }
      double share = most > 0 ? Math.min(1, values[i] / most) : 0;
      if (share >= FAINTEST || i == around) {
        page.append("<i style=\"--a:").append(hundredth(share)).append("\" data-v=\"");
        page.append(ShortNumber.of(values[i])).append("\">");
        page.append(tokens.html(ids[at])).append("</i>");
      } else {
        page.append(tokens.html(ids[at]));
      }
      if (i == around) {
        page.append("</b>");
      }
    }
  }

  static String hundredth(double share) {
    long hundredths = Math.round(Math.max(0, share) * 100);
    return hundredths >= 100 ? "1" : hundredths < 10 ? ".0" + hundredths : "." + hundredths;
  }
}
