package org.zlens.repl.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.report.SampleCards;
import org.zlens.repl.ProgramRun;

/** Dashboards as commands write them, in a real browser. */
class DashboardBrowserTest {
  private static final String FEATURE = "L2.F417.html";
  private static final String HEAD = "L1.H3.html";
  private static final String INDEX = "index.html";

  @TempDir private static Path folder;
  private static Chromium chromium;

  @BeforeAll
  static void writePages() {
    chromium = Chromium.start();
    String to = " to \"" + folder + "\" on sprig tokens 4096";
    ProgramRun run =
        ProgramRun.of(
            "-c",
            "model sprig; dashboard L2.F417 proxy (token in earlier)"
                + to
                + "; dashboard L3.H2 L0.H1 L1.H3 top 2"
                + to);
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

  private static Page open(String file) {
    return chromium.open(folder.resolve(file));
  }

  private static Page open(String file, ColorScheme scheme, int width, int height) {
    return chromium.open(
        folder.resolve(file),
        new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(width, height));
  }

  private static String background(Page page) {
    return (String) page.evaluate("() => getComputedStyle(document.body).backgroundColor");
  }

  @ParameterizedTest
  @CsvSource({FEATURE + ",DARK", HEAD + ",LIGHT", INDEX + ",LIGHT"})
  void isAccessible(String file, ColorScheme scheme) {
    try (Page page = open(file, scheme, 1280, 900)) {
      Chromium.assertAccessible(page);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {FEATURE, HEAD, INDEX})
  void staysSmallAndFitsAPhoneAndAScreen(String file) throws IOException {
    assertThat(Files.size(folder.resolve(file))).isLessThan(500_000);
    try (Page page = open(file, ColorScheme.LIGHT, 360, 740)) {
      for (int width : new int[] {360, 800, 1600}) {
        page.setViewportSize(width, 740);
        int needed = (int) page.evaluate("() => document.documentElement.scrollWidth");
        assertThat(needed).as(file + " at " + width).isLessThanOrEqualTo(width);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {FEATURE, INDEX})
  void isDarkWhereTheReaderWantsIt(String file) {
    try (Page page = open(file, ColorScheme.DARK, 1280, 900)) {
      assertThat(background(page)).isEqualTo("rgb(22, 22, 22)");
      Locator theme = page.locator("#theme");
      assertThat(theme.getAttribute("aria-pressed")).isEqualTo("true");
      theme.click();
      assertThat(background(page)).isEqualTo("rgb(255, 255, 255)");
      assertThat(theme.getAttribute("aria-pressed")).isEqualTo("false");
      theme.focus();
      page.keyboard().press("Enter");
      assertThat(background(page)).isEqualTo("rgb(22, 22, 22)");
    }
  }

  @Test
  void showsExamplesSourcesAndPictures() {
    try (Page page = open(FEATURE)) {
      assertThat(page.locator("h2").textContent()).isEqualTo("L2.F417");
      assertThat(page.locator("ol.examples").first().locator("li.x").count()).isEqualTo(20);
      assertThat(page.locator("li.x .s b").count()).isEqualTo(page.locator("li.x").count());
      assertThat(page.locator("svg").count()).isEqualTo(2);
      assertThat(page.locator("section:has(h3:text('share of each head')) tr").count())
          .isEqualTo(8);
      assertThat(page.locator("dl.facts").textContent()).contains("specificity", "sensitivity");
      assertThat(page.locator("footer").textContent())
          .contains("dashboard L2.F417")
          .contains("model sprig")
          .contains("sae at L2.z");
    }
  }

  @Test
  void aTokenTellsItsNumberUnderThePointer() {
    try (Page page = open(FEATURE)) {
      Locator token = page.locator("li.x .t b i").first();
      token.hover();
      assertThat(page.locator("#tip.shown").textContent())
          .isEqualTo("activation " + token.getAttribute("data-v"));
      page.locator("li.x .s b i").first().hover();
      assertThat(page.locator("#tip.shown").textContent()).startsWith("brings ");
      page.locator("h1").hover();
      assertThat(page.locator("#tip.shown").count()).isZero();
    }
  }

  @Test
  void allIsReachedByKeyboardAlone() {
    try (Page page = open(FEATURE)) {
      String focused = "() => document.activeElement.className + document.activeElement.id";
      page.keyboard().press("Tab");
      assertThat(page.evaluate(focused)).isEqualTo("theme");
      int presses = 0;
      while (!page.evaluate(focused).equals("x") && presses++ < 5) {
        page.keyboard().press("Tab");
      }
      assertThat(page.evaluate(focused)).isEqualTo("x");
      assertThat(page.locator("#tip.shown").textContent()).startsWith("activation ");
      String number =
          "() => [...document.querySelectorAll('li.x')].indexOf(document.activeElement)";
      page.keyboard().press("ArrowDown");
      page.keyboard().press("ArrowDown");
      page.keyboard().press("ArrowUp");
      assertThat(page.evaluate(number)).isEqualTo(1);
      page.keyboard().press("End");
      assertThat(page.evaluate(number)).isEqualTo(19);
      int tokens = page.locator("li.x").nth(19).locator("i[data-v]").count();
      for (int i = 0; i < tokens; i++) {
        page.keyboard().press("ArrowRight");
      }
      assertThat(page.locator("#tip.shown").textContent()).startsWith("brings ");
      page.keyboard().press("Escape");
      assertThat(page.locator("#tip.shown").count()).isZero();
      // One stop for each list, however long it is.
      page.keyboard().press("Tab");
      int at = (int) page.evaluate(number);
      assertThat(at < 0 || at > 19).isTrue();
    }
  }

  @Test
  void theIndexIsSearchedAndSorted() {
    try (Page page = open(INDEX)) {
      Locator rows = page.locator("#rows tr");
      assertThat(rows.count()).isEqualTo(3);
      assertThat(page.locator("#rows tr td:first-child").allTextContents())
          .containsExactly("L0.H1", "L1.H3", "L3.H2");
      page.locator("th button").nth(2).click();
      assertThat(page.locator("th").nth(2).getAttribute("aria-sort")).isEqualTo("descending");
      List<String> shares = page.locator("#rows tr td:nth-child(3)").allTextContents();
      assertThat(shares.stream().map(Double::parseDouble).toList())
          .isSortedAccordingTo((a, b) -> Double.compare(b, a));
      page.locator("th button").first().focus();
      page.keyboard().press("Enter");
      assertThat(page.locator("#rows tr td:first-child").allTextContents())
          .containsExactly("L0.H1", "L1.H3", "L3.H2");
      page.locator("#search").fill("l1.h3");
      assertThat(rows.count()).isEqualTo(1);
      assertThat(page.locator("#state").textContent()).isEqualTo("1 of 3");
      page.locator("#search").fill("nothing of that");
      assertThat(rows.count()).isZero();
      page.locator("#search").fill("");
      page.locator("#rows a", new Page.LocatorOptions().setHasText("L1.H3")).click();
      page.waitForURL("**/" + HEAD);
      assertThat(page.locator("article").count()).isEqualTo(2);
    }
  }

  @Test
  void hostileTextsAreTexts() throws IOException {
    String hostile = SampleCards.HOSTILE;
    Path file = folder.resolve("hostile.html");
    SampleCards.pages(id -> id == 7 ? "<".repeat(1 << 20) : hostile, hostile)
        .write(
            file,
            hostile,
            List.of(hostile),
            List.of(SampleCards.full(3), SampleCards.dead(4)),
            List.of(hostile));
    assertThat(Files.size(file)).isLessThan(500_000);
    try (Page page = chromium.open(file)) {
      assertThat(page.locator("img").count()).isZero();
      assertThat(page.title()).startsWith("</script><img");
      assertThat(page.locator("script").count()).isEqualTo(1);
    }
  }
}
