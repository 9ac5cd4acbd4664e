package org.zlens.engine.report;

import java.nio.file.Path;
import java.util.List;
import org.zlens.engine.io.AtomicFile;

/**
 * Tokens as running text, each marked by its number, in one HTML file with everything in it: the
 * farther from zero, the stronger. Its policy allows it one script and no request whatsoever.
 *
 * @param title one line
 * @param notes sentences below the title
 * @param strips texts, each on a line of its own
 * @param number what the numbers are, with their unit
 * @param provenance lines for the corner
 */
public record StripsPage(
    String title, List<String> notes, List<Strip> strips, Axis number, List<String> provenance) {
  private static final String SCRIPT = PageParts.resource("dashboard.js");

  /**
   * One text.
   *
   * @param name what stands before it; may be empty
   * @param tokens its tokens
   * @param numbers one for each token; NaN where there is none
   */
  public record Strip(String name, List<String> tokens, double[] numbers) {
    /** Checks that each token has a number. */
    public Strip {
      tokens = List.copyOf(tokens);
      if (tokens.size() != numbers.length) {
        throw new IllegalArgumentException(numbers.length + " numbers of " + tokens.size());
      }
    }
  }

  /** Keeps the texts from changing. */
  public StripsPage {
    notes = List.copyOf(notes);
    strips = List.copyOf(strips);
    provenance = List.copyOf(provenance);
  }

  /** The page as text. */
  public String html() {
    double most = 0;
    for (Strip strip : strips) {
      for (double one : strip.numbers()) {
        most = Double.isFinite(one) ? Math.max(most, Math.abs(one)) : most;
      }
    }
    StringBuilder body = new StringBuilder(1 << 14);
    for (String note : notes) {
      body.append("<p class=\"notes\">").append(Html.text(note)).append("</p>\n");
    }
    String scale =
        most == 0
            ? "no " + number.label() + " other than 0"
            : number.label()
                + ": the stronger the mark, the farther from 0, up to "
                + ShortNumber.of(most);
    body.append("<p class=\"notes\">")
        .append(Html.text(scale))
        .append("</p>\n<ol class=\"examples strips\" aria-label=\"");
    body.append(Html.text(title)).append("\" data-says=\"").append(Html.text(number.title()));
    body.append("\">\n");
    for (Strip strip : strips) {
      append(body, strip, most);
    }
    body.append("</ol>\n");
    String end = "<div id=\"tip\" role=\"status\"></div>\n";
    return PageParts.page(title, body.toString(), end, provenance, SCRIPT);
  }

  private static void append(StringBuilder body, Strip strip, double most) {
    TokenTexts tokens = new TokenTexts(strip.tokens()::get);
    body.append("<li class=\"x\" tabindex=\"-1\"><span class=\"v\">");
    body.append(Html.text(strip.name())).append("</span><span class=\"t\">");
    for (int i = 0; i < strip.numbers().length; i++) {
      double one = strip.numbers()[i];
      if (Double.isNaN(one)) {
        body.append(tokens.html(i));
        continue;
      }
      double share = most > 0 ? Math.min(1, Math.abs(one) / most) : 0;
      body.append(one < 0 ? "<i class=\"below\"" : "<i").append(" style=\"--a:");
      body.append(ExampleHtml.hundredth(share)).append("\" data-v=\"");
      body.append(ShortNumber.of(one)).append("\">").append(tokens.html(i)).append("</i>");
    }
    body.append("</span></li>\n");
  }

  /**
   * Writes the page, wholly or not at all.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if the file cannot be written
   */
  public void write(Path path) {
    AtomicFile.writeText(path, html());
  }
}
