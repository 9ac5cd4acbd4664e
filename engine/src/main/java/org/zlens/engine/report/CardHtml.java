package org.zlens.engine.report;

import java.util.List;
import org.zlens.engine.dashboard.ActivationBand;
import org.zlens.engine.dashboard.FeatureCard;
import org.zlens.engine.dashboard.KeptExample;
import org.zlens.engine.dashboard.Related;

/** The card of a feature as a part of a page. */
final class CardHtml {
  private final DashboardLinks links;
  private final TokenTexts tokens;
  private final ExampleHtml examples;

  CardHtml(DashboardLinks links, TokenTexts tokens, ExampleHtml examples) {
    this.links = links;
    this.tokens = tokens;
    this.examples = examples;
  }

  /**
   * Appends a card.
   *
   * @param drawn places that are shown of a band at most
   */
  void append(StringBuilder page, FeatureCard card, int drawn) {
    String name = Html.text(card.address());
    page.append("<article id=\"").append(name).append("\" aria-label=\"").append(name);
    page.append("\">\n<h2>").append(name).append("</h2>\n");
    facts(page, card);
    page.append("<div class=\"grid\">\n");
    strongest(page, card);
    page.append("<div class=\"stack\">");
    heads(page, card);
    histograms(page, card);
    page.append("</div>\n");
    tokens(page, "raises the logits of", card.logits().favoured(), "high");
    tokens(page, "lowers the logits of", card.logits().opposed(), "low");
    page.append("<div class=\"stack\">");
    related(page, "active together (correlation of being active)", card.together());
    related(page, "nearest by decoder (cosine)", card.alike());
    page.append("</div>\n");
    bands(page, card, drawn);
    page.append("</div>\n</article>\n");
  }

  private void facts(StringBuilder page, FeatureCard card) {
    page.append("<dl class=\"facts\">");
    fact(
        page,
        "active at",
        ShortNumber.of(100 * card.density())
            + " % of the tokens ("
            + card.fired()
            + " of "
            + card.tokens()
            + ")");
    fact(page, "largest activation", ShortNumber.of(card.largest()));
    if (!Double.isNaN(card.constant())) {
      fact(page, "constant beside its sources", ShortNumber.of(card.constant()));
    }
    if (card.holds() >= 0) {
      fact(page, "proxy", Html.text(links.proxy()));
      fact(page, "specificity", share(card.both(), card.fired()));
      fact(page, "sensitivity", share(card.both(), card.holds()));
    }
    String outside = links.publicPage(card.feature());
    if (!outside.isEmpty()) {
      String url = Html.text(outside);
      fact(
          page,
          "published at",
          "<a rel=\"noreferrer noopener\" href=\"" + url + "\">" + url + "</a>");
    }
    page.append("</dl>\n");
  }

  private static String share(long some, long all) {
    return all == 0
        ? "none of 0"
        : ShortNumber.of(100.0 * some / all) + " % (" + some + " of " + all + ")";
  }

  private static void fact(StringBuilder page, String what, String html) {
    page.append("<div><dt>").append(what).append("</dt><dd>").append(html).append("</dd></div>");
  }

  private void strongest(StringBuilder page, FeatureCard card) {
    List<KeptExample> places = card.strongest();
    float source = ExampleHtml.strongestSource(places);
    page.append("<section class=\"wide\"><h3>strongest places");
    if (source > 0) {
      page.append(", and where they come from: the source that brings most, up to ");
      page.append(ShortNumber.of(source));
    }
    page.append("</h3>\n");
    if (places.isEmpty()) {
      page.append("<p class=\"notes\">It is active nowhere in this text.</p>\n");
    } else {
      examples.append(page, "strongest places", places, card.largest(), source);
    }
    page.append("</section>\n");
  }

  private static void heads(StringBuilder page, FeatureCard card) {
    if (card.heads().length == 0) {
      return;
    }
    page.append("<section><h3>share of each head (decoder)</h3>\n<table>");
    for (int head = 0; head < card.heads().length; head++) {
      double share = card.heads()[head];
      page.append("<tr><th scope=\"row\">H").append(head).append("</th><td class=\"n\">");
      page.append(ShortNumber.aligned(100 * share)).append(" %</td><td style=\"width:60%\">");
      page.append("<span class=\"share\" style=\"--w:").append(ShortNumber.of(100 * share));
      page.append("%\"></span></td></tr>\n");
    }
    page.append("</table></section>\n");
  }

  private void tokens(StringBuilder page, String title, Related found, String style) {
    double most = found.values().length == 0 ? 1 : Math.abs(found.values()[0]);
    page.append("<section><h3>").append(title).append("</h3>\n<table>");
    for (int i = 0; i < found.features().length; i++) {
      double value = found.values()[i];
      page.append("<tr><td><span class=\"piece ").append(style).append("\" style=\"--a:");
      page.append(ExampleHtml.hundredth(most == 0 ? 0 : 0.75 * Math.abs(value) / most));
      page.append("\">").append(tokens.html(found.features()[i])).append("</span></td>");
      page.append("<td class=\"n\">").append(ShortNumber.aligned(value)).append("</td></tr>\n");
    }
    page.append("</table></section>\n");
  }

  private void histograms(StringBuilder page, FeatureCard card) {
    page.append("<section>");
    if (card.activations().counts().length > 0) {
      page.append("<h3>activations above zero");
      page.append(card.holds() >= 0 ? ", those with the proxy in the second colour" : "");
      page.append("</h3>\n").append(HistogramSvg.of(card.activations()));
    }
    page.append("<h3>direct logit effects</h3>\n").append(HistogramSvg.of(card.logits()));
    page.append("</section>\n");
  }

  private void related(StringBuilder page, String title, Related found) {
    page.append("<section><h3>").append(title).append("</h3>\n");
    if (found.features().length == 0) {
      page.append("<p class=\"notes\">none on this text</p>");
    } else {
      page.append("<table>");
    }
    for (int i = 0; i < found.features().length; i++) {
      int feature = found.features()[i];
      String name = Html.text(links.address(feature));
      String file = links.file(feature);
      page.append("<tr><td>");
      page.append(file.isEmpty() ? name : "<a href=\"" + Html.text(file) + "\">" + name + "</a>");
      page.append("</td><td class=\"n\">").append(ShortNumber.aligned(found.values()[i]));
      page.append("</td></tr>\n");
    }
    page.append(found.features().length == 0 ? "</section>\n" : "</table></section>\n");
  }

  private void bands(StringBuilder page, FeatureCard card, int drawn) {
    page.append("<section class=\"wide\"><h3>places drawn from each band of activation</h3>\n");
    for (ActivationBand band : card.bands()) {
      List<KeptExample> some = band.examples().subList(0, Math.min(drawn, band.examples().size()));
      String title =
          ShortNumber.of(band.from())
              + " to "
              + ShortNumber.of(band.to())
              + ": "
              + ShortNumber.of(100.0 * band.places() / card.tokens())
              + " % of the tokens ("
              + band.places()
              + ")";
      page.append("<div class=\"band\"><p class=\"notes\">").append(title).append("</p>\n");
      examples.append(
          page, title, some, card.largest(), ExampleHtml.strongestSource(card.strongest()));
      page.append("</div>\n");
    }
    page.append("</section>\n");
  }
}
