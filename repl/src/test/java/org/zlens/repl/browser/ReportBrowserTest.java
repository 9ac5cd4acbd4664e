package org.zlens.repl.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zlens.engine.report.Axis;
import org.zlens.engine.report.Plot;
import org.zlens.engine.report.PlotsPage;
import org.zlens.engine.report.ReportPage;
import org.zlens.engine.report.Scale;
import org.zlens.engine.report.Series;

/** Pages of several plots in a real browser. */
class ReportBrowserTest {
  private static final String HOSTILE = "<script>alert(1)</script> \u202e & $x$";

  @TempDir private static Path folder;
  private static Chromium chromium;

  @BeforeAll
  static void writePages() {
    chromium = Chromium.start();
    List<Plot> plots = List.of(plot("losses of one run"), plot(HOSTILE));
    new PlotsPage("training", List.of("A note on it."), plots, 0)
        .write(folder.resolve("plots.html"));
    List<String> heads = List.of("number", "found", "expected");
    List<ReportPage.Row> rows =
        List.of(
            new ReportPage.Row(List.of("drop", "0.25", "0.2 to 0.3"), true, "study"),
            new ReportPage.Row(List.of(HOSTILE, "1", "2"), false, ""));
    ReportPage.Section section =
        new ReportPage.Section("a study", List.of("What it asks."), heads, rows, plots, "study");
    ReportPage.Section other =
        new ReportPage.Section("another", List.of(), List.of(), List.of(), plots, "");
    new ReportPage("studies", List.of("2 studies"), List.of(section, other))
        .write(folder.resolve("report.html"));
  }

  private static Plot plot(String title) {
    Scale x = new Scale.Numbers(new double[] {1, 2, 3});
    Plot.Marks marks =
        new Plot.Marks(Plot.Mark.LINE, List.of(new Series("loss", x, new double[] {3, 2, 1.5})));
    return new Plot(
        title,
        new Axis("step", ""),
        new Axis("loss", "nats"),
        marks,
        List.of("a note on a plot"),
        List.of("train ... (x:1)"));
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

  @ParameterizedTest
  @CsvSource({
    "plots.html,LIGHT,2",
    "plots.html,DARK,2",
    "report.html,LIGHT,4",
    "report.html,DARK,4"
  })
  void isAccessibleAndFitsAPhoneInLightAndDark(String file, ColorScheme scheme, int plots) {
    Browser.NewContextOptions options =
        new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(1280, 900);
    try (Page page = chromium.open(folder.resolve(file), options)) {
      assertThat(page.locator(".plot .plot-container").count()).isEqualTo(plots);
      Chromium.assertAccessible(page);
      assertThat(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))
          .isEqualTo(scheme == ColorScheme.DARK ? "rgb(22, 22, 22)" : "rgb(255, 255, 255)");
      assertThat(page.locator(".plot .main-svg").first().evaluate("one => one.style.background"))
          .isEqualTo(scheme == ColorScheme.DARK ? "rgb(22, 22, 22)" : "rgb(255, 255, 255)");
      page.setViewportSize(360, 740);
      page.waitForFunction("() => document.documentElement.scrollWidth <= 360");
      Chromium.assertAccessible(page);
    }
  }
}
