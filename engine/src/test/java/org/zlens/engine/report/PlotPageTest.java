package org.zlens.engine.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.ZlensException;
import org.zlens.engine.report.Plot.Heatmap;
import org.zlens.engine.report.Plot.Mark;
import org.zlens.engine.report.Plot.Marks;

class PlotPageTest {
  private static final String HOSTILE = "</script><img src=x onerror=alert(1)>&'\"$x$\u202E\u0000";

  @TempDir private Path directory;

  private static Plot bars(String text) {
    return new Plot(
        text,
        new Axis(text, ""),
        new Axis("delta", "logits"),
        new Marks(
            Mark.BAR,
            List.of(
                new Series(
                    text, new Scale.Names(List.of("L2.F1", text)), new double[] {1.5, Double.NaN}),
                new Series("b", new Scale.Names(List.of("L2.F1", "7")), new double[] {-2, 0}))),
        List.of(text),
        List.of(text, "seed 0"));
  }

  private static String element(String html, String id) {
    Matcher found =
        Pattern.compile("<script type=\"[^\"]+\" id=\"" + id + "\">(.*?)</script>", Pattern.DOTALL)
            .matcher(html);
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  @Test
  void asksNothingOfAnyServer() {
    String html = PlotPage.html(bars("effects"));
    assertThat(html)
        .contains("default-src 'none'")
        .doesNotContain("unsafe-eval", "<link", "<iframe", "@import", "url(", " src=");
    assertThat(html.substring(0, html.indexOf("script-src") + 200)).doesNotContain("http:");
  }

  @Test
  void allowsItsOwnScriptsByTheirHashes() throws IOException {
    String html = PlotPage.html(bars("effects"));
    byte[] packed = Base64.getDecoder().decode(element(html, "library"));
    byte[] source = new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes();
    assertThat(new String(source, StandardCharsets.UTF_8)).contains("plotly.js v3.3.1");
    assertThat(html).contains(ScriptHash.of(source));
    Matcher start = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(html);
    assertThat(start.find()).isTrue();
    assertThat(html).contains(ScriptHash.of(start.group(1).getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void readsNoTextAsMarkup() throws IOException {
    String html = PlotPage.html(bars(HOSTILE));
    assertThat(html).doesNotContain("<img", "onerror=alert(1)>", "\u202E", "\u0000");
    assertThat(html.split("</script>", -1)).hasSize(4);
    JsonNode figure = new ObjectMapper().readTree(element(html, "figure"));
    for (JsonNode text :
        List.of(
            figure.at("/data/0/name"),
            figure.at("/data/0/x/1"),
            figure.at("/layout/xaxis/title/text"))) {
      assertThat(text.textValue()).doesNotContain("<", ">", "$").contains("&lt;img src=x");
    }
  }

  @Test
  void cutsTextsOfAMegabyteAndTellsThemApart() {
    String token = "<".repeat(1 << 20);
    assertThat(Figure.label(token)).hasSizeLessThan(1300).contains("(1048576 characters, ");
    assertThat(Figure.label(token)).isNotEqualTo(Figure.label("<".repeat((1 << 20) - 1) + "x"));
    assertThat(Figure.label("x".repeat(300))).isEqualTo("x".repeat(300));
  }

  @Test
  void drawsSeriesSideBySideWithGapsWhereNumbersAreMissing() {
    JsonNode figure = Figure.of(bars("effects"));
    assertThat(figure.at("/data/0/type").textValue()).isEqualTo("bar");
    assertThat(figure.at("/data/0/y/0").doubleValue()).isEqualTo(1.5);
    assertThat(figure.at("/data/0/y/1").isNull()).isTrue();
    assertThat(figure.at("/layout/xaxis/type").textValue()).isEqualTo("category");
    assertThat(figure.at("/layout/yaxis/title/text").textValue()).isEqualTo("delta (logits)");
    assertThat(figure.at("/layout/showlegend").booleanValue()).isTrue();
  }

  @Test
  void centresTheColoursOfBothSignsAtZero() {
    Heatmap form =
        new Heatmap(
            List.of("a", "b"),
            List.of("top"),
            new double[][] {{-1, 3}},
            new Axis("contribution", "pre-activation"));
    JsonNode figure =
        Figure.of(
            new Plot("grid", new Axis("s", ""), new Axis("h", ""), form, List.of(), List.of()));
    assertThat(figure.at("/data/0/zmin").doubleValue()).isEqualTo(-3);
    assertThat(figure.at("/data/0/zmax").doubleValue()).isEqualTo(3);
    assertThat(figure.at("/data/0/colorscale/2").toString()).isEqualTo("[0.5,\"#f7f7f7\"]");
    assertThat(figure.at("/layout/yaxis/autorange").textValue()).isEqualTo("reversed");
  }

  @Test
  void writesAFileThatOthersMayReadAsTheyMayAnyOther() throws IOException {
    assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Path page = directory.resolve("plot.html");
    PlotPage.write(bars("effects"), page);
    Path other = Files.createFile(directory.resolve("other"));
    assertThat(Files.getPosixFilePermissions(page)).isEqualTo(Files.getPosixFilePermissions(other));
  }

  @Test
  void leavesNothingBehindWhereItCannotWrite() throws IOException {
    Path taken = Files.createDirectory(directory.resolve("taken.html"));
    Files.createFile(taken.resolve("inside"));
    assertThatThrownBy(() -> PlotPage.write(bars("effects"), taken))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("cannot be written");
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactly(taken);
    }
  }
}
