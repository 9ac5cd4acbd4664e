package org.zlens.repl.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The machine's own Chromium, without a network. Whatever a page asks of anybody and whatever goes
 * wrong in it is noted.
 */
final class Chromium implements AutoCloseable {
  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

  private final Playwright playwright;
  private final Browser browser;
  private final List<String> foreign = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();

  private Chromium(Path program) {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions().setExecutablePath(program).setHeadless(true));
  }

  /** Starts it; where there is none, the test is skipped. */
  static Chromium start() {
    Optional<Path> program =
        Stream.of(System.getenv("PATH").split(":"))
            .flatMap(
                folder -> Stream.of("chromium", "chromium-browser").map(Path.of(folder)::resolve))
            .filter(Files::isExecutable)
            .findFirst();
    Assumptions.assumeTrue(
        program.isPresent(), "no Chromium on the path: bin/verify installs Debian's");
    return new Chromium(program.get());
  }

  /** Opens a file in a window of its own. */
  Page open(Path file, Browser.NewContextOptions options) {
    BrowserContext context = browser.newContext(options);
    context.setOffline(true);
    context.onRequest(
        request -> {
          if (!request.url().startsWith("file:")) {
            foreign.add(request.url());
          }
        });
    Page page = context.newPage();
    page.onPageError(troubles::add);
    page.onDialog(dialog -> troubles.add("a dialog: " + dialog.message()));
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            troubles.add(message.text());
          }
        });
    page.navigate(file.toUri().toString());
    page.waitForSelector("body[data-state=ready]");
    return page;
  }

  Page open(Path file) {
    return open(file, new Browser.NewContextOptions());
  }

  /** Fails if a page asked anybody for anything, or if anything went wrong in one. */
  void assertQuiet() {
    assertThat(foreign).isEmpty();
    assertThat(troubles).isEmpty();
  }

  /** Fails if axe finds anything serious on a page. */
  static void assertAccessible(Page page) {
    page.evaluate("() => {" + axe() + "}");
    Object found =
        page.evaluate(
            """
            async () => (await axe.run(document, {resultTypes: ['violations']})).violations
                .filter(one => one.impact === 'serious' || one.impact === 'critical')
                .map(one => one.id + ': ' + one.nodes.slice(0, 3).map(node => node.html).join(' '))
            """);
    assertThat((List<?>) found).isEmpty();
  }

  private static String axe() {
    try (InputStream in = Chromium.class.getResourceAsStream(AXE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    playwright.close();
  }
}
