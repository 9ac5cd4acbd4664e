package org.zlens.engine.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.zlens.engine.io.AtomicFile;

/**
 * A report of several sections, each with sentences, a table and plots, in one HTML file with
 * everything in it. Its policy allows it two scripts by their hashes and no request whatsoever.
 *
 * @param title one line
 * @param notes sentences below the title
 */
public record ReportPage(String title, List<String> notes, List<Section> sections) {
  private static final String STYLE =
      """
      body { margin: 0; font: 15px/1.45 system-ui, sans-serif; color: #1a1a1a; background: #fff }
      main { padding: 1rem 1.5rem; max-width: 80rem }
      h1 { font-size: 1.3rem; margin: 0 } h2 { font-size: 1.1rem; margin: 0 }
      h3 { font-size: .95rem; margin: 1rem 0 0 }
      section { border-top: 1px solid #c4c4c4; margin-top: 1.5rem; padding-top: 1rem }
      p { margin: .3rem 0 0; color: #444; max-width: 60rem; overflow-wrap: anywhere }
      .scroll { overflow-x: auto }
      table { border-collapse: collapse; margin-top: .6rem; font-size: .9rem }
      th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #ddd }
      td { overflow-wrap: anywhere; font-variant-numeric: tabular-nums }
      tr.bad td { background: #fde7e7 }
      .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); gap: 1rem }
      .plot { height: 24rem }
      .corner { color: #767676; font-size: .72rem }
      """;

  /**
   * A part of the report.
   *
   * @param title one line
   * @param texts a paragraph each
   * @param heads the heads of the table's columns; none for no table
   * @param rows the rows of the table
   * @param plots each with its own title
   */
  public record Section(
      String title, List<String> texts, List<String> heads, List<Row> rows, List<Plot> plots) {
    /** Checks that each cell has a head. */
    public Section {
      texts = List.copyOf(texts);
      heads = List.copyOf(heads);
      rows = List.copyOf(rows);
      plots = List.copyOf(plots);
      for (Row row : rows) {
        if (row.cells().size() != heads.size()) {
          throw new IllegalArgumentException(
              row.cells().size() + " cells under " + heads.size() + " heads");
        }
      }
    }
  }

  /**
   * A row of a table.
   *
   * @param good false where it tells of something that is not as it should be
   */
  public record Row(List<String> cells, boolean good) {
    /** Keeps the cells from changing. */
    public Row {
      cells = List.copyOf(cells);
    }
  }

  /** Keeps notes and sections from changing. */
  public ReportPage {
    notes = List.copyOf(notes);
    sections = List.copyOf(sections);
  }

  /** The page as text. */
  public String html() {
    PlotLibrary library = PlotLibrary.get();
    String start = ScriptHash.of(PlotsPage.START.getBytes(StandardCharsets.UTF_8));
    ArrayNode figures = JsonNodeFactory.instance.arrayNode();
    sections.forEach(section -> section.plots().forEach(plot -> figures.add(Figure.of(plot))));
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
        %s%s</main>
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
            Html.text(title),
            STYLE,
            Html.text(title),
            paragraphs(notes, ""),
            sections.stream().map(ReportPage::section).collect(Collectors.joining()),
            Html.json(figures.toString()),
            library.packed(),
            PlotsPage.START);
  }

  private static String section(Section section) {
    StringBuilder out = new StringBuilder("<section>\n<h2>");
    out.append(Html.text(section.title())).append("</h2>\n");
    out.append(paragraphs(section.texts(), ""));
    if (!section.heads().isEmpty()) {
      out.append("<div class=\"scroll\"><table>\n");
      out.append(cells("th", section.heads(), true));
      section.rows().forEach(row -> out.append(cells("td", row.cells(), row.good())));
      out.append("</table></div>\n");
    }
    if (!section.plots().isEmpty()) {
      out.append("<div class=\"plots\">\n");
      section.plots().forEach(plot -> out.append(plot(plot)));
      out.append("</div>\n");
    }
    return out.append("</section>\n").toString();
  }

  private static String cells(String kind, List<String> cells, boolean good) {
    return cells.stream()
        .map(cell -> "<" + kind + ">" + Html.text(cell) + "</" + kind + ">")
        .collect(Collectors.joining("", good ? "<tr>" : "<tr class=\"bad\">", "</tr>\n"));
  }

  private static String plot(Plot plot) {
    String title = Html.text(plot.title());
    return "<div><h3>"
        + title
        + "</h3>\n"
        + paragraphs(plot.notes(), "")
        + "<div class=\"plot\" role=\"img\" aria-label=\""
        + title
        + "\"></div>\n"
        + paragraphs(plot.provenance(), " class=\"corner\"")
        + "</div>\n";
  }

  private static String paragraphs(List<String> texts, String attributes) {
    return texts.stream()
        .map(text -> "<p" + attributes + ">" + Html.text(text) + "</p>\n")
        .collect(Collectors.joining());
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
