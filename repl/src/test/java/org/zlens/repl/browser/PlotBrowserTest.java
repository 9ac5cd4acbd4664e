package org.zlens.repl.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.repl.ProgramRun;

/** Pictures as {@code plot} draws them, in a real browser. */
class PlotBrowserTest {
  private static final String GRID = "grid.html";
  private static final String BARS = "bars.html";
  private static final String STRIPS = "strips.html";

  @TempDir private static Path folder;
  private static Chromium chromium;

  @BeforeAll
  static void writePages() {
    chromium = Chromium.start();
    String script =
        """
        model sprig
        prompt "When Ann and Bob went to the store, Bob gave a drink to" answer " Ann" over " Bob"
        qk L3.H0 at END on " Ann"#1 top 6 | plot file "grid.html"
        dla | plot title "<script>alert(1)</script> & $x$" file "bars.html"
        tokens by L2.F417 | plot file "strips.html"
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

  @AfterEach
  void nobodyWasAskedAndNothingWentWrong() {
    chromium.assertQuiet();
  }

  private static Page open(String file, ColorScheme scheme) {
    return chromium.open(
        folder.resolve(file),
        new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(1000, 700));
  }

  @ParameterizedTest
  @ValueSource(strings = {GRID, BARS, STRIPS})
  void isDarkWhereTheReaderWantsItAndFitsAPhone(String file) {
    try (Page page = open(file, ColorScheme.DARK)) {
      assertThat(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))
          .isEqualTo("rgb(22, 22, 22)");
      Chromium.assertAccessible(page);
      page.setViewportSize(360, 740);
      page.waitForFunction("() => document.documentElement.scrollWidth <= 360");
    }
  }

  @Test
  void queriesAndKeysAreAGridOfColours() {
    try (Page page = open(GRID, ColorScheme.LIGHT)) {
      assertThat(page.locator("#plot .heatmaplayer image").count()).isEqualTo(1);
      assertThat(page.locator("#plot .xtitle").textContent()).isEqualTo("key");
      assertThat(page.locator("#plot .ytitle").textContent()).isEqualTo("query");
      assertThat(page.locator("main").textContent()).contains("not drawn: (");
      assertThat(page.locator("footer").textContent()).contains("qk L3.H0", "model sprig");
    }
  }

  @Test
  void thePictureIsSavedForAPaperInLightColours() throws IOException {
    try (Page page = open(BARS, ColorScheme.DARK)) {
      byte[] svg = saved(page, "SVG");
      String text = new String(svg, StandardCharsets.UTF_8);
      assertThat(text)
          .startsWith("<svg")
          .contains("&#60;script>alert(1)&#60;/script> &amp; $x$", "model sprig")
          .contains("rgb(255, 255, 255)")
          .doesNotContain("<script", "rgb(22, 22, 22)");
      byte[] png = saved(page, "PNG");
      assertThat(Arrays.copyOf(png, 4)).containsExactly(0x89, 'P', 'N', 'G');
    }
  }

  private static byte[] saved(Page page, String format) throws IOException {
    Download download =
        page.waitForDownload(() -> page.locator("button:has-text('" + format + "')").click());
    assertThat(download.suggestedFilename()).endsWith("." + format.toLowerCase(Locale.ROOT));
    return Files.readAllBytes(download.path());
  }

  @Test
  void tokensAreTextOnColours() {
    try (Page page = open(STRIPS, ColorScheme.LIGHT)) {
      assertThat(page.locator("li.x").count()).isEqualTo(1);
      assertThat(page.locator("li.x .t").textContent()).contains(" Ann and Bob went");
      page.locator("li.x i").last().hover();
      assertThat(page.locator("#tip.shown").textContent()).startsWith("activation ");
    }
  }
}
