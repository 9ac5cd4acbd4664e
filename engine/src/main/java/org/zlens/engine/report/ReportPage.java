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
  /** Notes of a plot that are shown at once; more stand behind a click. */
  private static final int NOTES_SHOWN = 3;

  private static final String STYLE =
      """
      a { color: var(--link) }
      main { padding: 1rem 1.5rem; max-width: 80rem }
      h1 { font-size: 1.3rem; margin: 0 } h2 { font-size: 1.1rem; margin: 0 }
      h3 { font-size: .95rem; margin: 1rem 0 0 }
      section { border-top: 1px solid var(--line); margin-top: 1.5rem; padding-top: 1rem }
      p { margin: .3rem 0 0; color: var(--dim); max-width: 60rem }
      details { color: var(--dim) }
      .scroll { overflow-x: auto }
      table { border-collapse: collapse; margin-top: .6rem; font-size: .9rem }
      th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line) }
      td { font-variant-numeric: tabular-nums }
      tr.bad td { background: var(--bad) }
      .plot { height: 24rem }
      .corner { font-size: .72rem }
      @media (max-width: 50rem) { main { padding: 1rem } .scroll table { min-width: 46rem } }
      """;

  /**
   * A part of the report.
   *
   * @param title one line
   * @param texts a paragraph each
   * @param heads the heads of the table's columns; none for no table
   * @param rows the rows of the table
   * @param plots each with its own title
   * @param anchor what rows that lead here call it; empty for none
   */
  public record Section(
      String title,
      List<String> texts,
      List<String> heads,
      List<Row> rows,
      List<Plot> plots,
      String anchor) {
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
   * @param leadsTo the anchor of the section that its first cell leads to; empty for none
   */
  public record Row(List<String> cells, boolean good, String leadsTo) {
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
    String id = section.anchor().isEmpty() ? "" : " id=\"" + Html.text(section.anchor()) + "\"";
    StringBuilder out = new StringBuilder("<section" + id + ">\n<h2>");
    out.append(Html.text(section.title())).append("</h2>\n");
    out.append(paragraphs(section.texts(), ""));
    if (!section.heads().isEmpty()) {
      // What scrolls is reached by the keyboard too.
      out.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"numbers of ");
      out.append(Html.text(section.title())).append("\"><table>\n");
      out.append(cells("th", new Row(section.heads(), true, "")));
      section.rows().forEach(row -> out.append(cells("td", row)));
      out.append("</table></div>\n");
    }
    if (!section.plots().isEmpty()) {
      out.append("<div class=\"plots\">\n");
      section.plots().forEach(plot -> out.append(plot(plot, html)));
      out.append("</div>\n");
    }
    return out.append("</section>\n").toString();
  }

  private static String cells(String kind, Row row) {
    StringBuilder out = new StringBuilder(row.good() ? "<tr>" : "<tr class=\"bad\">");
    for (int i = 0; i < row.cells().size(); i++) {
      String text = Html.text(row.cells().get(i));
      boolean leads = i == 0 && !row.leadsTo().isEmpty();
      String link = "<a href=\"#" + Html.text(row.leadsTo()) + "\">" + text + "</a>";
      out.append('<').append(kind).append('>').append(leads ? link : text);
      out.append("</").append(kind).append('>');
    }
    return out.append("</tr>\n").toString();
  }

  private static String plot(Plot plot, PlottedHtml html) {
    return "<div><h3>"
        + Html.text(plot.title())
        + "</h3>\n"
        + notes(plot.notes())
        + html.place(plot)
        + paragraphs(plot.provenance(), " class=\"corner\"")
        + "</div>\n";
  }

  private static String notes(List<String> notes) {
    return notes.size() <= NOTES_SHOWN
        ? paragraphs(notes, "")
        : "<details><summary>"
            + notes.size()
            + " notes</summary>\n"
            + paragraphs(notes, "")
            + "</details>\n";
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
