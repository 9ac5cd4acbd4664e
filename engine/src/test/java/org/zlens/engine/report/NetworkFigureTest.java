package org.zlens.engine.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.zlens.engine.report.Network.Dot;
import org.zlens.engine.report.Network.Kind;
import org.zlens.engine.report.Network.Link;

class NetworkFigureTest {
  private static final Kind ADDS = new Kind("adds", "#0072B2", false);
  private static final Kind TAKES = new Kind("takes away", "#D55E00", true);

  private static ObjectNode figure() {
    Network network =
        new Network(
            List.of("0:<b>", "1:x"),
            List.of("embed", "L0", "L1"),
            List.of(
                new Dot("L1.F7", List.of("L1.F7 at 1:x", "total 2"), "attention feature", 1, 2, 1),
                new Dot("L0.F3", List.of("L0.F3 at 0:<b>"), "attention feature", 0, 1, 0.25),
                new Dot("embed", List.of("embed"), "embed", 0, 0, 0)),
            List.of(
                new Link(1, 0, List.of("adds 1.5"), ADDS, 1),
                new Link(2, 1, List.of("adds 0.1"), ADDS, 0.01),
                new Link(2, 0, List.of("takes 0.5"), TAKES, 0.4)));
    return Figure.of(
        new Plot(
            "a graph",
            new Axis("position", "token"),
            new Axis("layer", ""),
            network,
            List.of(),
            List.of()));
  }

  private static List<JsonNode> traces(ObjectNode figure, String mode) {
    List<JsonNode> found = new ArrayList<>();
    figure.get("data").forEach(trace -> found.add(trace));
    found.removeIf(trace -> !trace.get("mode").asText().equals(mode));
    return found;
  }

  @Test
  void linksOfAKindAreAsWideAsTheyCountAndNamedOnce() {
    List<JsonNode> lines = traces(figure(), "lines");
    assertThat(lines).hasSize(3);
    assertThat(lines)
        .extracting(t -> t.at("/line/width").asDouble())
        .containsExactly(7.0, 7.0 / 6, 3.5);
    assertThat(lines)
        .extracting(t -> t.at("/line/dash").asText())
        .containsExactly("solid", "solid", "dash");
    assertThat(lines)
        .extracting(t -> t.get("showlegend").asBoolean())
        .containsExactly(true, false, true);
    assertThat(lines.get(0).get("x")).hasToString("[0.0,1.0,null]");
    assertThat(lines.get(0).get("y")).hasToString("[1.0,2.0,null]");
  }

  @Test
  void theMiddleOfALinkTellsOfIt() {
    List<JsonNode> middles = traces(figure(), "markers");
    assertThat(middles).hasSize(2);
    assertThat(middles.get(0).get("text")).hasToString("[\"adds 1.5\",\"adds 0.1\"]");
    assertThat(middles.get(0).get("x")).hasToString("[0.5,0.0]");
  }

  @Test
  void dotsOfAGroupShareASymbolAndTextIsNoMarkup() {
    List<JsonNode> dots = traces(figure(), "markers+text");
    assertThat(dots)
        .extracting(t -> t.get("name").asText())
        .containsExactly("attention feature", "embed");
    assertThat(dots).extracting(t -> t.at("/marker/symbol").asText()).doesNotHaveDuplicates();
    assertThat(dots.get(0).get("hovertext"))
        .hasToString("[\"L1.F7 at 1:x<br>total 2\",\"L0.F3 at 0:&lt;b&gt;\"]");
    assertThat(figure().at("/layout/xaxis/ticktext")).hasToString("[\"0:&lt;b&gt;\",\"1:x\"]");
    assertThat(figure().at("/layout/yaxis/tickvals")).hasToString("[0.0,1.0,2.0]");
  }

  @Test
  void ofManyDotsOnlyTheLargestAreNamed() {
    List<Dot> dots = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      dots.add(new Dot("n" + i, List.of(), "all", i, 0, i / 60.0));
    }
    Network network = new Network(List.of("a"), List.of("b"), dots, List.of());
    Plot plot = new Plot("", new Axis("x", ""), new Axis("y", ""), network, List.of(), List.of());
    List<String> names = new ArrayList<>();
    Figure.of(plot).at("/data/0/text").forEach(text -> names.add(text.asText()));
    assertThat(names).hasSize(60);
    names.removeIf(String::isEmpty);
    assertThat(names).hasSize(24).contains("n59", "n36").doesNotContain("n35");
  }

  @Test
  void aColumnWithManyDotsSideBySideIsWider() {
    List<Dot> dots = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      dots.add(new Dot("n" + i, List.of(), "all", 1 + 0.42 * (2.0 * i / 11 - 1), 0, 1));
    }
    dots.add(new Dot("alone", List.of(), "all", 2, 0, 1));
    Network network = new Network(List.of("none", "many", "one"), List.of("b"), dots, List.of());
    Plot plot = new Plot("", new Axis("x", ""), new Axis("y", ""), network, List.of(), List.of());
    ObjectNode figure = Figure.of(plot);
    List<Double> at = new ArrayList<>();
    figure.at("/data/0/x").forEach(x -> at.add(x.asDouble()));
    for (int i = 1; i < 12; i++) {
      assertThat(at.get(i) - at.get(i - 1)).isCloseTo(4 * 0.84 / 11, within(1e-9));
    }
    assertThat(at.get(12)).isCloseTo(0.3 + 4 + 0.5, within(1e-9));
    List<Double> ticks = new ArrayList<>();
    figure.at("/layout/xaxis/tickvals").forEach(tick -> ticks.add(tick.asDouble()));
    assertThat(ticks)
        .usingElementComparator(NetworkFigureTest::near)
        .containsExactly(0.0, 2.3, 4.8);
    assertThat(figure.at("/layout/xaxis/range/1").asDouble()).isCloseTo(5.5, within(1e-9));
  }

  private static int near(double one, double other) {
    return Math.abs(one - other) < 1e-9 ? 0 : Double.compare(one, other);
  }

  @Test
  void aLinkToNothingIsRefused() {
    assertThatThrownBy(
            () ->
                new Network(
                    List.of(), List.of(), List.of(), List.of(new Link(0, 1, List.of(), ADDS, 1))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
