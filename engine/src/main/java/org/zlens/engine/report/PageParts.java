package org.zlens.engine.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** The frame of pages that need no library: one style, one script of their own, no request. */
final class PageParts {
  private static final String STYLE = resource("dashboard.css");

  private PageParts() {}

  /** A file beside this class. */
  static String resource(String name) {
    try (InputStream in = PageParts.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A whole page.
   *
   * @param title one line of text
   * @param body HTML of the main part
   * @param end HTML at the foot, before the provenance
   * @param provenance lines of text
   * @param script runs at the end, and is the only one that the policy of the page allows
   */
  static String page(
      String title, String body, String end, List<String> provenance, String script) {
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src %s; \
        style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <header><h1>%s</h1><button type="button" id="theme" aria-pressed="false">Dark</button>\
        </header>
        <main>
        %s</main>
        <footer>%s%s</footer>
        <noscript>Without its script the page does not sort, search or tell numbers.</noscript>
        <script>%s</script>
        </body>
        </html>
        """
        .formatted(
            ScriptHash.of(script.getBytes(StandardCharsets.UTF_8)),
            Html.text(title),
            STYLE,
            Html.text(title),
            body,
            end,
            provenance.stream()
                .map(line -> "<div>" + Html.text(line) + "</div>\n")
                .collect(Collectors.joining()),
            script);
  }
}
