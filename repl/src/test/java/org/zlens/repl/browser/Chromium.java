package org.zlens.repl.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
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
 * The machine's own Chromium, for files without a network and for pages of a server in the same
 * test. Whatever a page asks of anybody and whatever goes wrong in it is noted.
 */
public final class Chromium implements AutoCloseable {
  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

  /** No name leads anywhere, nor any address but this machine's own. */
  private static final String CUT_OFF = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1";

  private static final double PATIENCE = 60_000;

  private final Playwright playwright;
  private final Browser browser;
  private final List<String> asked = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();

  private Chromium(Path program) {
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(program)
                    .setHeadless(true)
                    .setArgs(List.of(CUT_OFF)));
  }

  /** Starts it; where there is none, the test is skipped. */
  public static Chromium start() {
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

  /** Opens a file in a window of its own, as soon as its scripts have shown what it holds. */
  public Page open(Path file, Browser.NewContextOptions options) {
    Page page = openCutOff(file, options);
    page.waitForSelector("body[data-state=ready], body[data-state=drawn]");
    return page;
  }

  /** The same in a window of the usual size. */
  public Page open(Path file) {
    return open(file, new Browser.NewContextOptions());
  }

  /** Opens a file in a window of its own that has no network. */
  public Page openCutOff(Path file, Browser.NewContextOptions options) {
    return open(file.toUri(), options, true);
  }

  /** Opens a page of a server in a window of its own. */
  public Page visit(URI address, Browser.NewContextOptions options) {
    return open(address, options, false);
  }

  private Page open(URI address, Browser.NewContextOptions options, boolean isCutOff) {
    BrowserContext context = browser.newContext(options);
    context.setOffline(isCutOff);
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
    page.navigate(address.toString());
    return page;
  }

  /**
   * Fails if a page asked anybody for anything but files, what it made itself, and what is at one
   * of these origins, or if anything went wrong in one.
   */
  public void assertQuiet(String... origins) {
    List<String> own = new ArrayList<>(List.of("file:", "blob:"));
    Stream.of(origins).forEach(origin -> own.add(origin + "/"));
    assertThat(asked).isNotEmpty().allMatch(url -> own.stream().anyMatch(url::startsWith));
    assertThat(troubles).isEmpty();
    asked.clear();
  }

  /** Fails if axe finds anything serious on a page. */
  public static void assertAccessible(Page page) {
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
