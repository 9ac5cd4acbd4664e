package org.zlens.engine.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.zlens.engine.io.AtomicFile;

/**
 * Several plots on one page, in one HTML file with everything in it, which may load itself again
 * from time to time while something is going on. Its policy allows it two scripts by their hashes
 * and no request whatsoever.
 *
 * @param title one line
 * @param notes sentences below the title
 * @param plots each with its own title; their notes and provenance are not shown
 * @param refreshSeconds seconds after which a browser loads the page again; 0 for never
 */
public record PlotsPage(String title, List<String> notes, List<Plot> plots, int refreshSeconds) {
  private static final String STYLE =
      """
      body { margin: 0; font: 15px/1.45 system-ui, sans-serif; color: #1a1a1a; background: #fff }
      main { padding: 1rem 1.5rem }
      h1 { font-size: 1.15rem; margin: 0 }
      h2 { font-size: .95rem; margin: 1rem 0 0 }
      .notes { margin: .2rem 0 0; color: #555; max-width: 60rem }
      .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); gap: 1rem }
      .plot { height: 20rem }
      """;

  /** Draws every plot of a page; pages of several plots share it. */
  static final String START =
      """
      (async () => {
        const places = [...document.querySelectorAll('.plot')];
        try {
      %s
          const figures = JSON.parse(document.getElementById('figures').textContent);
          for (let i = 0; i < places.length; i++) {
            await Plotly.newPlot(places[i], figures[i].data, figures[i].layout,
                {displaylogo: false, responsive: true});
          }
          document.body.dataset.state = 'drawn';
        } catch (error) {
          places.forEach(p => { p.textContent = 'The picture could not be drawn: ' + error; });
          document.body.dataset.state = 'failed';
        }
      })();
      """
          .formatted(PlotLibrary.UNPACK);

  /** Keeps the texts and plots from changing. */
  public PlotsPage {
    notes = List.copyOf(notes);
    plots = List.copyOf(plots);
  }

  /** The page as text. */
  public String html() {
    PlotLibrary library = PlotLibrary.get();
    String start = ScriptHash.of(START.getBytes(StandardCharsets.UTF_8));
    String refresh =
        refreshSeconds > 0
            ? "<meta http-equiv=\"refresh\" content=\"" + refreshSeconds + "\">\n"
            : "";
    ArrayNode figures = JsonNodeFactory.instance.arrayNode();
    plots.forEach(plot -> figures.add(Figure.of(plot)));
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src %s %s; \
        style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'">
        %s<meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        <h1>%s</h1>
        %s<div class="plots">
        %s</div>
        </main>
        <noscript>The pictures are drawn by a script in this page, and scripts are off.</noscript>
        <script type="application/json" id="figures">%s</script>
        <script type="application/gzip" id="library">%s</script>
        <script>%s</script>
        </body>
        </html>
        """
        .formatted(
            start,
            library.policy(),
            refresh,
            Html.text(title),
            STYLE,
            Html.text(title),
            notes.stream()
                .map(note -> "<p class=\"notes\">" + Html.text(note) + "</p>\n")
                .collect(Collectors.joining()),
            plots.stream().map(PlotsPage::section).collect(Collectors.joining()),
            Html.json(figures.toString()),
            library.packed(),
            START);
  }

  private static String section(Plot plot) {
    String title = Html.text(plot.title());
    return "<section><h2>"
        + title
        + "</h2><div class=\"plot\" role=\"figure\" aria-label=\""
        + title
        + "\"></div></section>\n";
  }

  /**
   * Writes the page, wholly or not at all.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if the file cannot be written
   */
  public void write(Path path) {
    AtomicFile.writeText(path, html());
  }
}
