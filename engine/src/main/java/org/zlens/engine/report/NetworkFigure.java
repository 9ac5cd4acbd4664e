package org.zlens.engine.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.zlens.engine.report.Network.Dot;
import org.zlens.engine.report.Network.Kind;
import org.zlens.engine.report.Network.Link;

/** A network as data and layout for plotly.js: a line has one width, so links come by widths. */
final class NetworkFigure {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int WIDTHS = 6;
  private static final double WIDEST = 7;

  /** Names beside dots hide each other where there are more: only the largest have one. */
  private static final int MOST_NAMES = 24;

  private static final List<String> SYMBOLS =
      List.of("circle", "square", "diamond", "triangle-up", "cross", "star", "hexagon", "x");

  private final Network network;
  private final NetworkColumns columns;
  private final double leastNamed;

  private NetworkFigure(Network network) {
    this.network = network;
    this.columns = NetworkColumns.of(network);
    double[] sizes = network.dots().stream().mapToDouble(Dot::size).sorted().toArray();
    this.leastNamed = sizes.length <= MOST_NAMES ? 0 : sizes[sizes.length - MOST_NAMES];
  }

  static void draw(Network network, ArrayNode data, ObjectNode layout) {
    new NetworkFigure(network).draw(data, layout);
  }

  private void draw(ArrayNode data, ObjectNode layout) {
    Map<Kind, List<Link>> kinds = new LinkedHashMap<>();
    for (Link link : network.links()) {
      kinds.computeIfAbsent(link.kind(), kind -> new ArrayList<>()).add(link);
    }
    kinds.forEach((kind, links) -> links(data, kind, links));
    Map<String, List<Dot>> groups = new LinkedHashMap<>();
    for (Dot dot : network.dots()) {
      groups.computeIfAbsent(dot.group(), group -> new ArrayList<>()).add(dot);
    }
    int number = 0;
    for (Map.Entry<String, List<Dot>> group : groups.entrySet()) {
      dots(data.addObject(), group.getKey(), group.getValue(), number++);
    }
    ticks(
        (ObjectNode) layout.get("xaxis"),
        network.columns(),
        columns.middles(),
        columns.start(),
        columns.end());
    double[] rows = IntStream.range(0, network.rows().size()).asDoubleStream().toArray();
    ticks((ObjectNode) layout.get("yaxis"), network.rows(), rows, -0.5, rows.length - 0.5);
    layout.put("showlegend", true).put("hovermode", "closest");
    layout.putObject("legend").put("orientation", "h").put("y", 1.02).put("yanchor", "bottom");
  }

  private static void ticks(
      ObjectNode axis, List<String> names, double[] at, double start, double end) {
    axis.put("tickmode", "array").put("zeroline", false);
    axis.putArray("range").add(start - 0.2).add(end + 0.2);
    axis.set("tickvals", Figure.numbers(at));
    axis.set("ticktext", Figure.labels(names));
  }

  private void links(ArrayNode data, Kind kind, List<Link> links) {
    Map<Integer, List<Link>> widths = new LinkedHashMap<>();
    for (Link link : links) {
      int width = (int) Math.ceil(Math.min(1, Math.max(0, link.width())) * WIDTHS);
      widths.computeIfAbsent(Math.max(1, width), w -> new ArrayList<>()).add(link);
    }
    boolean first = true;
    for (Map.Entry<Integer, List<Link>> width : widths.entrySet()) {
      ObjectNode trace = data.addObject();
      trace.put("type", "scatter").put("mode", "lines").put("hoverinfo", "skip");
      trace.put("name", Figure.label(kind.name())).put("legendgroup", kind.name());
      trace.put("showlegend", first).put("opacity", 0.55);
      ObjectNode line = trace.putObject("line");
      line.put("color", kind.color()).put("width", width.getKey() * WIDEST / WIDTHS);
      line.put("dash", kind.isDashed() ? "dash" : "solid");
      ArrayNode x = trace.putArray("x");
      ArrayNode y = trace.putArray("y");
      for (Link link : width.getValue()) {
        Dot from = network.dots().get(link.from());
        Dot to = network.dots().get(link.to());
        x.add(columns.of(from)).add(columns.of(to)).addNull();
        y.add(from.y()).add(to.y()).addNull();
      }
      first = false;
    }
    middles(data.addObject(), kind, links);
  }

  /** Lines tell nothing of themselves; a point in the middle of each, which nobody sees, does. */
  private void middles(ObjectNode trace, Kind kind, List<Link> links) {
    trace.put("type", "scatter").put("mode", "markers").put("showlegend", false);
    trace.put("legendgroup", kind.name()).put("hoverinfo", "text");
    trace.putObject("marker").put("size", 12).put("opacity", 0).put("color", kind.color());
    ArrayNode x = trace.putArray("x");
    ArrayNode y = trace.putArray("y");
    ArrayNode text = trace.putArray("text");
    for (Link link : links) {
      Dot from = network.dots().get(link.from());
      Dot to = network.dots().get(link.to());
      x.add((columns.of(from) + columns.of(to)) / 2);
      y.add((from.y() + to.y()) / 2);
      text.add(lines(link.about()));
    }
  }

  private void dots(ObjectNode trace, String group, List<Dot> dots, int number) {
    trace.put("type", "scatter").put("mode", "markers+text");
    trace.put("name", Figure.label(group)).put("hoverinfo", "text");
    ArrayNode places = trace.putArray("textposition");
    trace.put("cliponaxis", false);
    trace.putObject("textfont").put("size", 11);
    ObjectNode marker = trace.putObject("marker");
    marker.put("opacity", 1).put("symbol", SYMBOLS.get(number % SYMBOLS.size()));
    marker.put("color", Figure.COLORS.get(number % Figure.COLORS.size()));
    marker.putObject("line").put("color", "#ffffff").put("width", 1);
    ArrayNode size = marker.putArray("size");
    ArrayNode x = trace.putArray("x");
    ArrayNode y = trace.putArray("y");
    ArrayNode text = trace.putArray("text");
    ArrayNode hover = trace.putArray("hovertext");
    for (Dot dot : dots) {
      size.add(8 + 14 * Math.sqrt(Math.min(1, Math.max(0, dot.size()))));
      x.add(columns.of(dot));
      y.add(dot.y());
      text.add(dot.size() >= leastNamed ? Figure.label(dot.name()) : "");
      places.add(isLow(dot) ? "bottom center" : "top center");
      hover.add(lines(dot.about()));
    }
  }

  /** Of neighbours in a row, every other has its name below it. */
  private boolean isLow(Dot dot) {
    long before =
        network.dots().stream()
            .filter(other -> other.y() == dot.y() && columns.of(other) < columns.of(dot))
            .count();
    return before % 2 == 1;
  }

  private static String lines(List<String> lines) {
    return lines.stream().map(Figure::label).collect(Collectors.joining("<br>"));
  }
}
