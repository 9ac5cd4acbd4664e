package org.zlens.engine.report;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.zlens.engine.io.AtomicFile;

/**
 * A plot as one HTML file with everything in it. The page's policy allows it two scripts by their
 * hashes, plotly.js and the lines that unpack it, and no request whatsoever.
 */
public final class PlotPage {
  private static final String STYLE =
      """
      body { margin: 0; font: 15px/1.45 system-ui, sans-serif; color: #1a1a1a; background: #fff }
      main { padding: 1rem 1.5rem 0; min-height: 90vh; display: flex; flex-direction: column }
      h1 { font-size: 1.15rem; margin: 0 }
      .notes { margin: .2rem 0 0; color: #555; max-width: 60rem }
      #plot { flex: 1; min-height: 24rem }
      footer { padding: 0 1.5rem 1rem; text-align: right; color: #767676; font-size: .72rem }
      footer div { overflow-wrap: anywhere }
      """;

  private static final String START =
      """
      (async () => {
        const plot = document.getElementById('plot');
        try {
      %s
          const figure = JSON.parse(document.getElementById('figure').textContent);
          await Plotly.newPlot(plot, figure.data, figure.layout,
              {displaylogo: false, responsive: true});
          document.body.dataset.state = 'drawn';
        } catch (error) {
          plot.textContent = 'The picture could not be drawn: ' + error;
          document.body.dataset.state = 'failed';
        }
      })();
      """
          .formatted(PlotLibrary.UNPACK);

  private PlotPage() {}

  /** The page as text. */
  public static String html(Plot plot) {
    PlotLibrary library = PlotLibrary.get();
    String start = ScriptHash.of(START.getBytes(StandardCharsets.UTF_8));
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src %s %s; \
        style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        <h1>%s</h1>
        %s<div id="plot" role="img" aria-label="%s"></div>
        </main>
        <footer>%s</footer>
        <noscript>The picture is drawn by a script in this page, and scripts are off.</noscript>
        <script type="application/json" id="figure">%s</script>
        <script type="application/gzip" id="library">%s</script>
        <script>%s</script>
        </body>
        </html>
        """
        .formatted(
            start,
            library.policy(),
            Html.text(plot.title()),
            STYLE,
            Html.text(plot.title()),
            lines("p class=\"notes\"", "p", plot.notes()),
            Html.text(plot.title()),
            lines("div", "div", plot.provenance()),
            Html.json(Figure.of(plot).toString()),
            library.packed(),
            START);
  }

  private static String lines(String open, String close, List<String> texts) {
    return texts.stream()
        .map(text -> "<" + open + ">" + Html.text(text) + "</" + close + ">\n")
        .collect(Collectors.joining());
  }

  /**
   * Writes the page, wholly or not at all.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if the file cannot be written
   */
  public static void write(Plot plot, Path path) {
    AtomicFile.writeText(path, html(plot));
  }
}
