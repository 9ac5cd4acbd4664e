package org.zlens.engine.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;

/**
 * The frame of a page of several plots: one file with everything in it, light or dark as its reader
 * wants it. Its policy allows it two scripts by their hashes and no request whatsoever.
 */
final class PlottedHtml {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --ink: #1a1a1a; --dim: #555; --paper: #fff;
        --line: #c4c4c4; --bad: #fde7e7; --link: #0b57a4 }
      @media (prefers-color-scheme: dark) {
        :root { --ink: #ededed; --dim: #a8a8a8; --paper: #161616; --line: #4a4a4a; --bad: #4a1f1f;
          --link: #8ab8ff }
      }
      body { margin: 0; font: 15px/1.45 system-ui, sans-serif; color: var(--ink);
        background: var(--paper) }
      h1, h2, h3, p, td { overflow-wrap: anywhere }
      .plots { display: grid; gap: 1rem;
        grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)) }
      .plots > * { min-width: 0 }
      """;

  /** Gives the colours of a figure for the reader's screen. */
  static final String SHADE =
      """
          const dark = matchMedia('(prefers-color-scheme: dark)');
          const shade = figure => {
            const [ink, paper, grid] = dark.matches
                ? ['#ededed', '#161616', '#3a3a3a'] : ['#444444', '#ffffff', '#e5e5e5'];
            return {'font.color': ink, paper_bgcolor: paper, plot_bgcolor: paper,
                'xaxis.gridcolor': grid, 'yaxis.gridcolor': grid,
                colorway: figure.layout.colorway.map(
                    color => dark.matches && color === '#000000' ? '#f2f2f2' : color)};
          };\
      """;

  private static final String START =
      """
      (async () => {
        const places = [...document.querySelectorAll('.plot')];
        try {
      %s
      %s
          const figures = JSON.parse(document.getElementById('figures').textContent);
          const shadeAll = () => Promise.all(
              places.map((place, i) => Plotly.relayout(place, shade(figures[i]))));
          for (let i = 0; i < places.length; i++) {
            await Plotly.newPlot(places[i], figures[i].data, structuredClone(figures[i].layout),
                {displaylogo: false, responsive: true});
          }
          await shadeAll();
          dark.addEventListener('change', shadeAll);
          document.body.dataset.state = 'drawn';
        } catch (error) {
          places.forEach(p => { p.textContent = 'The picture could not be drawn: ' + error; });
          document.body.dataset.state = 'failed';
        }
      })();
      """
          .formatted(PlotLibrary.UNPACK, SHADE);

  private final ArrayNode figures = JsonNodeFactory.instance.arrayNode();

  /** HTML of the place where a plot is drawn; to be put into the page in the order of the calls. */
  String place(Plot plot) {
    figures.add(Figure.of(plot));
    // No 'img': who uses a keyboard reaches what is inside.
    return "<div class=\"plot\" role=\"figure\" aria-label=\""
        + Html.text(plot.title())
        + "\"></div>\n";
  }

  /**
   * The whole page.
   *
   * @param title one line of text
   * @param head more elements of the head, as HTML
   * @param style what the page has beside the style of all
   * @param body HTML of the main part, with the places of all plots
   */
  String page(String title, String head, String style, String body) {
    PlotLibrary library = PlotLibrary.get();
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
        %s%s</style>
        </head>
        <body>
        <main>
        <h1>%s</h1>
        %s</main>
        <noscript>The pictures are drawn by a script in this page, and scripts are off.</noscript>
        <script type="application/json" id="figures">%s</script>
        <script type="application/gzip" id="library">%s</script>
        <script>%s</script>
        </body>
        </html>
        """
        .formatted(
            ScriptHash.of(START.getBytes(StandardCharsets.UTF_8)),
            library.policy(),
            head,
            Html.text(title),
            STYLE,
            style,
            Html.text(title),
            body,
            Html.json(figures.toString()),
            library.packed(),
            START);
  }
}
