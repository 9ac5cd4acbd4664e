package org.zlens.repl.explore;

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

/** The machine's own Chromium on a page; what it asks of anybody else, and what fails, is noted. */
final class LiveBrowser implements AutoCloseable {
  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
  private static final double PATIENCE = 60_000;

  private final Playwright playwright;
  private final Browser browser;
  private final List<String> asked = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();

  private LiveBrowser(Path program) {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions().setExecutablePath(program).setHeadless(true));
  }

  /** Starts it; where there is none, the test is skipped. */
  static LiveBrowser start() {
    Optional<Path> program =
        Stream.of(System.getenv("PATH").split(":"))
            .flatMap(
                folder -> Stream.of("chromium", "chromium-browser").map(Path.of(folder)::resolve))
            .filter(Files::isExecutable)
            .findFirst();
    Assumptions.assumeTrue(
        program.isPresent(), "no Chromium on the path: bin/verify installs Debian's");
    return new LiveBrowser(program.get());
  }

  /** A window of its own, as if of another browser. */
  Page open(String address, Browser.NewContextOptions options) {
    BrowserContext context = browser.newContext(options);
    context.setDefaultTimeout(PATIENCE);
    context.onRequest(request -> asked.add(request.url()));
    Page page = context.newPage();
    page.onPageError(troubles::add);
    page.onDialog(dialog -> troubles.add("a dialog: " + dialog.message()));
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            troubles.add(message.text());
          }
        });
    page.navigate(address);
    return page;
  }

  /** A window of the page of a session that shows all that has happened. */
  Page open(OpenPage session, Browser.NewContextOptions options) {
    Page page = open(session.address().toString(), options);
    page.waitForSelector("body[data-ready]");
    return page;
  }

  Page open(OpenPage session) {
    return open(session, new Browser.NewContextOptions().setViewportSize(1400, 900));
  }

  /** A file without any network. */
  Page openCutOff(Path file) {
    BrowserContext context = browser.newContext();
    context.setOffline(true);
    context.setDefaultTimeout(PATIENCE);
    context.onRequest(request -> asked.add(request.url()));
    Page page = context.newPage();
    page.onPageError(troubles::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            troubles.add(message.text());
          }
        });
    page.navigate(file.toUri().toString());
    return page;
  }

  /** Fails if anybody but a session or a file was asked for anything, or anything went wrong. */
  void assertQuiet(String origin) {
    assertThat(asked)
        .isNotEmpty()
        .allMatch(
            url ->
                url.startsWith(origin + "/") || url.startsWith("file:") || url.startsWith("blob:"));
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
    try (InputStream in = LiveBrowser.class.getResourceAsStream(AXE)) {
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
