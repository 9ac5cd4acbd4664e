package org.zlens.engine.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import org.zlens.engine.report.Plot.Heatmap;
import org.zlens.engine.report.Plot.Mark;
import org.zlens.engine.report.Plot.Marks;

/** A plot as data and layout for plotly.js. */
final class Figure {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Okabe and Ito's colours, which people who see colours differently can tell apart. */
  static final List<String> COLORS =
      List.of(
          "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442");

  /** ColorBrewer's colours from below zero to above it. */
  private static final List<String> BOTH_SIGNS =
      List.of("#2166ac", "#92c5de", "#f7f7f7", "#f4a582", "#b2182b");

  private static final int CATEGORIES_SHOWN = 80;

  /** Characters of a text that are shown; a token may be a megabyte. */
  private static final int LONGEST_LABEL = 300;

  private Figure() {}

  static ObjectNode of(Plot plot) {
    ObjectNode figure = JSON.objectNode();
    ArrayNode data = figure.putArray("data");
    ObjectNode layout = figure.putObject("layout");
    layout.put("paper_bgcolor", "#ffffff").put("plot_bgcolor", "#ffffff");
    layout.putObject("margin").put("t", 24).put("r", 24).put("b", 48);
    layout.putObject("font").put("family", "system-ui, sans-serif").put("size", 13);
    layout.putArray("colorway").addAll(COLORS.stream().map(JSON::textNode).toList());
    ObjectNode x = axis(layout.putObject("xaxis"), plot.x());
    ObjectNode y = axis(layout.putObject("yaxis"), plot.y());
    if (plot.form() instanceof Heatmap heatmap) {
      heatmap(data.addObject(), heatmap);
      categories(x, heatmap.columns().size());
      categories(y, heatmap.rows().size()).put("autorange", "reversed");
    } else if (plot.form() instanceof Network network) {
      NetworkFigure.draw(network, data, layout);
    } else if (plot.form() instanceof Marks marks) {
      boolean named = false;
      for (Series series : marks.series()) {
        series(data.addObject(), marks.mark(), series);
        named |= series.x() instanceof Scale.Names;
      }
      if (named) {
        categories(x, marks.series().stream().mapToInt(s -> s.y().length).max().orElse(0));
      }
      layout
          .put("barmode", marks.mark() == Mark.STACK ? "stack" : "group")
          .put("showlegend", marks.series().size() > 1);
      layout.putObject("legend").put("orientation", "h").put("y", 1.02).put("yanchor", "bottom");
    }
    return figure;
  }

  private static ObjectNode axis(ObjectNode axis, Axis from) {
    axis.putObject("title").put("text", label(from.title()));
    return axis.put("automargin", true).put("gridcolor", "#e5e5e5").put("zerolinecolor", "#808080");
  }

  /** Names stay names even where they look like numbers, and all of them show while they fit. */
  private static ObjectNode categories(ObjectNode axis, int count) {
    axis.put("type", "category").put("showgrid", false);
    if (count <= CATEGORIES_SHOWN) {
      axis.put("dtick", 1);
    }
    return axis;
  }

  private static void series(ObjectNode trace, Mark mark, Series series) {
    trace.put("type", isBar(mark) ? "bar" : "scatter");
    if (!isBar(mark)) {
      trace.put("mode", mark == Mark.LINE ? "lines+markers" : "markers");
    }
    trace.put("name", label(series.name()));
    if (series.x() instanceof Scale.Names names) {
      trace.set("x", labels(names.names()));
    } else if (series.x() instanceof Scale.Numbers numbers) {
      trace.set("x", numbers(numbers.numbers()));
    }
    trace.set("y", numbers(series.y()));
  }

  private static boolean isBar(Mark mark) {
    return mark == Mark.BAR || mark == Mark.STACK;
  }

  private static void heatmap(ObjectNode trace, Heatmap heatmap) {
    trace.put("type", "heatmap").put("hoverongaps", false);
    trace.set("x", labels(heatmap.columns()));
    trace.set("y", labels(heatmap.rows()));
    ArrayNode rows = trace.putArray("z");
    for (double[] row : heatmap.values()) {
      rows.add(numbers(row));
    }
    trace.putObject("colorbar").putObject("title").put("text", label(heatmap.value().title()));
    double[] all =
        Arrays.stream(heatmap.values())
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isFinite)
            .toArray();
    boolean twoSigns =
        Arrays.stream(all).anyMatch(v -> v < 0) && Arrays.stream(all).anyMatch(v -> v > 0);
    // White is zero where values have both signs; otherwise darker is more.
    if (twoSigns) {
      double most = Arrays.stream(all).map(Math::abs).max().orElse(1);
      trace.put("zmin", -most).put("zmax", most);
      ArrayNode scale = trace.putArray("colorscale");
      for (int i = 0; i < BOTH_SIGNS.size(); i++) {
        scale.addArray().add(i / (BOTH_SIGNS.size() - 1.0)).add(BOTH_SIGNS.get(i));
      }
    } else {
      trace.put("colorscale", "Viridis");
    }
  }

  static ArrayNode labels(List<String> texts) {
    ArrayNode array = JSON.arrayNode();
    texts.forEach(text -> array.add(label(text)));
    return array;
  }

  static ArrayNode numbers(double[] numbers) {
    ArrayNode array = JSON.arrayNode();
    for (double number : numbers) {
      if (Double.isFinite(number)) {
        array.add(number);
      } else {
        array.addNull();
      }
    }
    return array;
  }

  /** A text in the picture; plotly reads a few tags in texts, and none shall be read in ours. */
  static String label(String raw) {
    String some = shortened(raw);
    StringBuilder out = new StringBuilder(some.length());
    some.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                // A dollar sign at either end would ask for mathematics.
                case '$' -> out.append("&#36;");
                default -> out.appendCodePoint(Html.isPrintable(c) ? c : 0xFFFD);
              }
            });
    return out.toString();
  }

  /** Texts that are cut are still told apart: by their lengths and digests. */
  private static String shortened(String raw) {
    int count = raw.length() <= LONGEST_LABEL ? 0 : raw.codePointCount(0, raw.length());
    return count <= LONGEST_LABEL
        ? raw
        : raw.substring(0, raw.offsetByCodePoints(0, LONGEST_LABEL))
            + ("\u2026(" + count + " characters, " + Integer.toHexString(raw.hashCode()) + ")");
  }
}
