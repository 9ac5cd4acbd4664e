package org.zlens.engine.report;

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
      main { padding: 1rem 1.5rem }
      h1 { font-size: 1.15rem; margin: 0 }
      h2 { font-size: .95rem; margin: 1rem 0 0 }
      .notes { margin: .2rem 0 0; color: var(--dim); max-width: 60rem }
      .plot { height: 20rem }
      """;

  /** Keeps the texts and plots from changing. */
  public PlotsPage {
    notes = List.copyOf(notes);
    plots = List.copyOf(plots);
  }

  /** The page as text. */
  public String html() {
    String refresh =
        refreshSeconds > 0
            ? "<meta http-equiv=\"refresh\" content=\"" + refreshSeconds + "\">\n"
            : "";
    PlottedHtml html = new PlottedHtml();
    String body =
        notes.stream()
                .map(note -> "<p class=\"notes\">" + Html.text(note) + "</p>\n")
                .collect(Collectors.joining())
            + plots.stream()
                .map(plot -> section(plot, html))
                .collect(Collectors.joining("", "<div class=\"plots\">\n", "</div>\n"));
    return html.page(title, refresh, STYLE, body);
  }

  private static String section(Plot plot, PlottedHtml html) {
    return "<section><h2>" + Html.text(plot.title()) + "</h2>" + html.place(plot) + "</section>\n";
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
