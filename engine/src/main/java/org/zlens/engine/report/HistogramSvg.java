package org.zlens.engine.report;

import org.zlens.engine.dashboard.ActivationHistogram;
import org.zlens.engine.dashboard.LogitReach;

/**
 * Small histograms as SVG inside a page: a plotting library would make each page ten times as
 * large.
 */
final class HistogramSvg {
  private static final int WIDTH = 400;
  private static final int HEIGHT = 96;
  private static final int TOP = 12;
  private static final int BOTTOM = 16;

  private HistogramSvg() {}

  /** How many places have which activation, those with the proxy apart. */
  static String of(ActivationHistogram histogram) {
    int bins = histogram.counts().length;
    String label = "activations above zero, in " + bins + " bins from 0 to " + end(histogram, bins);
    return draw(label, 0, histogram.step(), histogram.counts(), histogram.proxy(), "places");
  }

  private static String end(ActivationHistogram histogram, int bins) {
    return ShortNumber.of(bins * histogram.step());
  }

  /** How many tokens have which effect, those below zero apart. */
  static String of(LogitReach reach) {
    double step = (reach.most() - reach.least()) / (double) LogitReach.BINS;
    int[] below = new int[LogitReach.BINS];
    for (int bin = 0; bin < below.length; bin++) {
      boolean negative = reach.least() + (bin + 0.5) * step < 0;
      below[bin] = negative ? reach.counts()[bin] : 0;
    }
    String label =
        "direct logit effects of all tokens, from "
            + ShortNumber.of(reach.least())
            + " to "
            + ShortNumber.of(reach.most());
    return draw(label, reach.least(), step, reach.counts(), below, "tokens");
  }

  private static String draw(
      String label, double from, double step, int[] counts, int[] second, String unit) {
    int most = 1;
    for (int count : counts) {
      most = Math.max(most, count);
    }
    StringBuilder svg = new StringBuilder(counts.length * 24 + 800);
    svg.append("<svg viewBox=\"0 0 ").append(WIDTH).append(' ').append(HEIGHT);
    svg.append("\" role=\"img\" aria-label=\"").append(Html.text(label)).append("\">");
    bars(svg, "bars", counts, most);
    if (second.length > 0) {
      bars(svg, "more", second, most);
    }
    int floor = HEIGHT - BOTTOM;
    svg.append("<line x1=\"0\" x2=\"").append(WIDTH).append("\" y1=\"").append(floor);
    svg.append("\" y2=\"").append(floor).append("\"/>");
    for (int tick = 0; tick <= 4; tick++) {
      int x = tick * WIDTH / 4;
      svg.append("<text x=\"").append(x).append("\" y=\"").append(HEIGHT - 4);
      svg.append("\" text-anchor=\"");
      svg.append(tick == 0 ? "start" : tick == 4 ? "end" : "middle").append("\">");
      svg.append(ShortNumber.of(from + tick / 4.0 * counts.length * step)).append("</text>");
    }
    svg.append("<text x=\"0\" y=\"10\">").append(most).append(' ').append(unit);
    return svg.append("</text></svg>").toString();
  }

  /** One path for all bars; a bin with few places still shows a line. */
  private static void bars(StringBuilder svg, String name, int[] counts, int most) {
    double width = (double) WIDTH / counts.length;
    int room = HEIGHT - BOTTOM - TOP;
    svg.append("<path class=\"").append(name).append("\" d=\"");
    for (int bin = 0; bin < counts.length; bin++) {
      if (counts[bin] > 0) {
        double height = Math.max(1, (double) counts[bin] / most * room);
        svg.append('M').append(tenth(bin * width)).append(' ').append(HEIGHT - BOTTOM);
        svg.append('v').append(tenth(-height)).append('h').append(tenth(width * 0.9));
        svg.append('v').append(tenth(height)).append('z');
      }
    }
    svg.append("\"/>");
  }

  private static String tenth(double number) {
    long tenths = Math.round(number * 10);
    return tenths % 10 == 0 ? Long.toString(tenths / 10) : Double.toString(tenths / 10.0);
  }
}
