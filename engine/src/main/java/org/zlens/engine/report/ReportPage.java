package org.zlens.engine.report;

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
      main { padding: 1rem 1.5rem; max-width: 80rem }
      h1 { font-size: 1.3rem; margin: 0 } h2 { font-size: 1.1rem; margin: 0 }
      h3 { font-size: .95rem; margin: 1rem 0 0 }
      section { border-top: 1px solid var(--line); margin-top: 1.5rem; padding-top: 1rem }
      p { margin: .3rem 0 0; color: var(--dim); max-width: 60rem }
      .scroll { overflow-x: auto }
      table { border-collapse: collapse; margin-top: .6rem; font-size: .9rem }
      th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line) }
      td { font-variant-numeric: tabular-nums }
      tr.bad td { background: var(--bad) }
      .plot { height: 24rem }
      .corner { font-size: .72rem }
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
    PlottedHtml html = new PlottedHtml();
    String body =
        paragraphs(notes, "")
            + sections.stream()
                .map(section -> section(section, html))
                .collect(Collectors.joining());
    return html.page(title, "", STYLE, body);
  }

  private static String section(Section section, PlottedHtml html) {
    StringBuilder out = new StringBuilder("<section>\n<h2>");
    out.append(Html.text(section.title())).append("</h2>\n");
    out.append(paragraphs(section.texts(), ""));
    if (!section.heads().isEmpty()) {
      // What scrolls is reached by the keyboard too.
      out.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"numbers of ");
      out.append(Html.text(section.title())).append("\"><table>\n");
      out.append(cells("th", section.heads(), true));
      section.rows().forEach(row -> out.append(cells("td", row.cells(), row.good())));
      out.append("</table></div>\n");
    }
    if (!section.plots().isEmpty()) {
      out.append("<div class=\"plots\">\n");
      section.plots().forEach(plot -> out.append(plot(plot, html)));
      out.append("</div>\n");
    }
    return out.append("</section>\n").toString();
  }

  private static String cells(String kind, List<String> cells, boolean good) {
    return cells.stream()
        .map(cell -> "<" + kind + ">" + Html.text(cell) + "</" + kind + ">")
        .collect(Collectors.joining("", good ? "<tr>" : "<tr class=\"bad\">", "</tr>\n"));
  }

  private static String plot(Plot plot, PlottedHtml html) {
    return "<div><h3>"
        + Html.text(plot.title())
        + "</h3>\n"
        + paragraphs(plot.notes(), "")
        + html.place(plot)
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
