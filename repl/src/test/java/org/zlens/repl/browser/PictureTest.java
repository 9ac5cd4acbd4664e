package org.zlens.repl.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.zlens.repl.ProgramRun;

/** Pictures that {@code plot} writes as files, drawn by the machine's own browser. */
class PictureTest {
  private static final String SET_UP =
      """
      model sprig
      prompt "When Ann and Bob went to the store, Bob gave a drink to" answer " Ann" over " Bob"
      """;

  @TempDir private static Path folder;
  private static Chromium chromium;

  @BeforeAll
  static void writePictures() {
    chromium = Chromium.start();
    String script =
        SET_UP
            + """
            dla | plot title "<b> & $x$" file "bars.svg"
            dla | plot title "<b> & $x$" file "bars.html"
            dla | plot file "bars.png" width 640 height 400
            rdfa logit depth 2 width 2 | plot file "graph.svg"
            rdfa logit depth 2 width 2 | plot file "graph.png" width 700 height 500
            qk L3.H0 at END on " Ann"#1 top 6 | plot file "grid.png" width 640 height 400
            tokens by L2.F417 | plot file "strips.png" width 500
            """
                .replace("file \"", "file \"" + folder + "/");
    ProgramRun run = ProgramRun.of("-c", script);
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  @AfterAll
  static void close() {
    if (chromium != null) {
      chromium.close();
    }
  }

  private static Document parse(byte[] svg) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory.newDocumentBuilder().parse(new java.io.ByteArrayInputStream(svg));
  }

  @Test
  void anSvgIsWhatTheButtonOfThePageSaves() throws Exception {
    byte[] svg = Files.readAllBytes(folder.resolve("bars.svg"));
    Document parsed = parse(svg);
    assertThat(parsed.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(parsed.getDocumentElement().getAttribute("width")).isEqualTo("900");
    assertThat(parsed.getDocumentElement().getAttribute("height")).isEqualTo("560");
    assertThat(parsed.getDocumentElement().getTextContent())
        .contains("part", "contribution (logits)", "<b> & $x$", "dla", "model sprig");
    try (Page page = chromium.open(folder.resolve("bars.html"))) {
      page.setViewportSize(948, 2000);
      page.evaluate(
          "() => { document.getElementById('plot').style.cssText = "
              + "'flex:none;width:900px;height:560px' }");
      Path saved =
          page.waitForDownload(() -> page.locator("button:has-text('SVG')").click()).path();
      // Names of clips differ from one drawing to the next, as do the statement and its time.
      assertThat(withoutNames(svg)).isEqualTo(withoutNames(Files.readAllBytes(saved)));
    }
  }

  private static String withoutNames(byte[] svg) {
    return new String(svg, StandardCharsets.UTF_8)
        .replaceAll("(clip|topdefs-|defs-|legend)[0-9a-f]{6}", "$1")
        .replaceAll("20[0-9-]+T[0-9:.]+Z", "then")
        .replaceAll("\\(-c:[0-9]+\\)", "(here)")
        .replace("bars.html", "bars.svg");
  }

  @Test
  void aGraphIsAPictureToo() throws Exception {
    Document parsed = parse(Files.readAllBytes(folder.resolve("graph.svg")));
    assertThat(parsed.getDocumentElement().getTextContent())
        .contains("logit difference", "rdfa logit depth 2 width 2", "model sprig", "adds");
  }

  @ParameterizedTest
  @CsvSource({"bars.png,640,400", "graph.png,700,500", "grid.png,640,400"})
  void aPngHasThreePointsForEachUnitAndColours(String file, int width, int height)
      throws IOException {
    BufferedImage image = ImageIO.read(folder.resolve(file).toFile());
    assertThat(image.getWidth()).isEqualTo(3 * width);
    assertThat(image.getHeight()).isEqualTo(3 * height);
    assertThat(image.getRGB(1, 1) & 0xffffff).isEqualTo(0xffffff);
    assertThat(colours(image)).hasSizeGreaterThan(20);
  }

  @Test
  void stripsOfTokensTakeTheHeightThatTheyNeed() throws IOException {
    BufferedImage image = ImageIO.read(folder.resolve("strips.png").toFile());
    assertThat(image.getWidth()).isEqualTo(3 * 500);
    assertThat(image.getHeight()).isBetween(3 * 100, 3 * 1000);
    assertThat(colours(image)).hasSizeGreaterThan(20);
  }

  private static Set<Integer> colours(BufferedImage image) {
    Set<Integer> colours = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y += 2) {
      for (int x = 0; x < image.getWidth(); x += 2) {
        colours.add(image.getRGB(x, y));
      }
    }
    return colours;
  }

  @Test
  void nothingIsLeftBeside() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()).sorted())
          .containsExactly(
              "bars.html",
              "bars.png",
              "bars.svg",
              "graph.png",
              "graph.svg",
              "grid.png",
              "strips.png");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tokens by L2.F417 | plot file \"%s/no.svg\"",
        "dla | plot file \"%s/no.gif\"",
        "dla | plot file \"%s/no.html\" width 300"
      })
  void whatCannotBeIsSaid(String statement) {
    ProgramRun run = ProgramRun.of("-c", SET_UP + statement.formatted(folder));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").contains("^^^", "hint: ");
    assertThat(folder.resolve("no.svg")).doesNotExist();
  }
}
