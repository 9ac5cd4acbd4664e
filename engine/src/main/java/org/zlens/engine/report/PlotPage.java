package org.zlens.engine.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.zlens.engine.io.AtomicFile;

/**
 * A plot as one HTML file with everything in it. The page's policy allows it two scripts by their
 * hashes, plotly.js and the lines that unpack it, and no request whatsoever.
 */
public final class PlotPage {
  /** Characters of a line of the provenance in a saved picture. */
  private static final int LONGEST_LINE = 140;

  private static final int LONGEST_TITLE = 70;

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --ink: #1a1a1a; --dim: #555; --paper: #fff; --bar: #f3f3f3 }
      @media (prefers-color-scheme: dark) {
        :root { --ink: #ededed; --dim: #a8a8a8; --paper: #161616; --bar: #242424 }
      }
      body { margin: 0; font: 15px/1.45 system-ui, sans-serif; color: var(--ink);
        background: var(--paper) }
      main { padding: 1rem 1.5rem 0; min-height: 90vh; display: flex; flex-direction: column }
      header { display: flex; flex-wrap: wrap; gap: .3rem .5rem; align-items: baseline }
      h1 { font-size: 1.15rem; margin: 0; flex: 1 1 auto; overflow-wrap: anywhere }
      button { font: inherit; font-size: .85rem; color: var(--ink); background: var(--bar);
        border: 1px solid var(--dim); border-radius: .3rem; padding: .15rem .6rem; cursor: pointer }
      .notes { margin: .2rem 0 0; color: var(--dim); max-width: 60rem; overflow-wrap: anywhere }
      #plot { flex: 1; min-height: 24rem; min-width: 0 }
      footer { padding: 0 1.5rem 1rem; text-align: right; color: var(--dim); font-size: .72rem }
      footer div { overflow-wrap: anywhere }
      """;

  private static final String START =
      """
      const drawn = (async () => {
        const plot = document.getElementById('plot');
        try {
      %s
          const figure = JSON.parse(document.getElementById('figure').textContent);
      %s
          // The copy for a paper is light, with its title, whatever the reader's screen is.
          const paper = structuredClone(figure.layout);
          await Plotly.newPlot(plot, figure.data, figure.layout,
              {displaylogo: false, responsive: true, modeBarButtonsToRemove: ['toImage']});
          await Plotly.relayout(plot, shade(figure));
          dark.addEventListener('change', () => Plotly.relayout(plot, shade(figure)));
          const height = (text, line) => line * text.split('<br>').length;
          paper.title = {text: figure.title, yref: 'container', y: 1, yanchor: 'top', pad: {t: 14},
              subtitle: {text: figure.subtitle, font: {size: 8}}};
          paper.margin.t = 30 + height(figure.title, 22) + height(figure.subtitle, 11);
          // Above the picture it would meet them; beside it, it has rows of its own.
          delete paper.legend;
          const copy = () => ({data: structuredClone(figure.data), layout: structuredClone(paper)});
          for (const button of document.querySelectorAll('button[data-format]')) {
            button.disabled = false;
            button.addEventListener('click', () => Plotly.downloadImage(copy(),
                {format: button.dataset.format, filename: document.body.dataset.name,
                    width: Math.max(700, plot.clientWidth), height: Math.max(450, plot.clientHeight),
                    scale: button.dataset.format === 'png' ? 3 : 1}));
          }
          document.body.dataset.state = 'drawn';
          return (format, width, height, scale) =>
              Plotly.toImage(copy(), {format, width, height, scale});
        } catch (error) {
          plot.textContent = 'The picture could not be drawn: ' + error;
          document.body.dataset.state = 'failed';
          throw error;
        }
      })();
      drawn.catch(() => {});
      // The copy that a button saves, for who runs the page to have its picture.
      document.copy = async (...how) => (await drawn)(...how);
      """
          .formatted(PlotLibrary.UNPACK, PlottedHtml.SHADE);

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
        <body data-name="%s">
        <main>
        <header><h1>%s</h1><button type="button" data-format="svg" disabled>Save as SVG</button>\
        <button type="button" data-format="png" disabled>Save as PNG</button></header>
        %s<div id="plot" role="figure" aria-label="%s"></div>
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
            Html.text(fileName(plot.title())),
            Html.text(plot.title()),
            lines("p class=\"notes\"", "p", plot.notes()),
            Html.text(plot.title()),
            lines("div", "div", plot.provenance()),
            Html.json(figure(plot).toString()),
            library.packed(),
            START);
  }

  private static ObjectNode figure(Plot plot) {
    return Figure.of(plot)
        .put("title", wrapped(List.of(plot.title()), LONGEST_TITLE))
        .put("subtitle", wrapped(plot.provenance(), LONGEST_LINE));
  }

  private static String wrapped(List<String> lines, int most) {
    return lines.stream()
        .flatMap(line -> wrapped(line, most).stream())
        .map(Figure::label)
        .collect(Collectors.joining("<br>"));
  }

  /** Lines that fit below the title of a saved picture. */
  private static List<String> wrapped(String line, int most) {
    List<String> lines = new ArrayList<>();
    StringBuilder last = new StringBuilder();
    for (String word : line.split(" ")) {
      if (last.length() > 0 && last.length() + word.length() >= most) {
        lines.add(last.toString());
        last.setLength(0);
      }
      last.append(last.length() == 0 ? "" : " ").append(word);
    }
    lines.add(last.toString());
    return lines;
  }

  /** A name that every file system takes. */
  private static String fileName(String title) {
    String plain = title.replaceAll("[^A-Za-z0-9.]+", "-").replaceAll("^[-.]+|-+$", "");
    return plain.isEmpty() ? "plot" : plain.substring(0, Math.min(80, plain.length()));
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
