package org.zlens.engine.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.zlens.engine.io.AtomicFile;

/**
 * A table of pages that a reader can search and sort, in one HTML file with everything in it; the
 * rows are packed, since there may be tens of thousands.
 */
public final class IndexPage {
  private static final String SCRIPT = PageParts.resource("index.js");

  private final List<Column> columns;
  private final ArrayNode rows = JsonNodeFactory.instance.arrayNode();

  /**
   * A column.
   *
   * @param numeric whether its cells are numbers
   */
  public record Column(String name, boolean numeric) {}

  /** A table without rows yet; the first column is the name of each page. */
  public IndexPage(List<Column> columns) {
    this.columns = List.copyOf(columns);
  }

  /**
   * Adds a page.
   *
   * @param file its name in the folder of the index
   * @param cells a text or a number for each column; null leaves one empty
   */
  public void add(String file, Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells in " + columns.size() + " columns");
    }
    ArrayNode row = rows.addArray().add(file);
    for (Object cell : cells) {
      if (cell instanceof Number number) {
        row.add(new BigDecimal(ShortNumber.of(number.doubleValue())));
      } else if (cell == null) {
        row.addNull();
      } else {
        row.add(printable(cell.toString()));
      }
    }
  }

  /** The script sets texts as they are: what misleads must not be in them. */
  private static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> out.appendCodePoint(Html.isPrintable(c) ? c : 0xFFFD));
    return out.toString();
  }

  /** The page as text. */
  public String html(String title, List<String> notes, List<String> provenance) {
    String above =
        notes.stream()
            .map(note -> "<p class=\"notes\">" + Html.text(note) + "</p>\n")
            .collect(Collectors.joining());
    List<String> heads = new ArrayList<>();
    for (Column column : columns) {
      heads.add(
          "<th scope=\"col\" aria-sort=\"none\"><button type=\"button\">"
              + Html.text(column.name())
              + "</button></th>");
    }
    String body =
        """
        %s<div class="tools"><label>Search <input type="search" id="search" autocomplete="off">\
        </label> <span id="state" role="status"></span></div>
        <div class="scroll"><table><thead><tr>%s</tr></thead><tbody id="rows"></tbody></table></div>
        <p><button type="button" id="more" hidden>Show more</button></p>
        <script type="application/gzip" id="table">%s</script>
        """
            .formatted(above, String.join("", heads), packed());
    return PageParts.page(title, body, "", provenance, SCRIPT);
  }

  private String packed() {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    ArrayNode numeric = all.putArray("numeric");
    columns.forEach(column -> numeric.add(column.numeric()));
    all.set("rows", rows);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(all.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /**
   * Writes the page, wholly or not at all.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if the file cannot be written
   */
  public void write(Path path, String title, List<String> notes, List<String> provenance) {
    AtomicFile.writeText(path, html(title, notes, provenance));
  }
}
