package org.zlens.dsl.save;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import com.univocity.parsers.csv.UnescapedQuoteHandling;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.io.DataFault;

/**
 * Tables of text with a delimiter between cells, names in the first line, quotes as of RFC 4180.
 */
final class DelimitedReader implements TableReader {
  private static final int MOST_BYTES = 128 << 20;

  private final String ending;
  private final char delimiter;

  DelimitedReader(String ending, char delimiter) {
    this.ending = ending;
    this.delimiter = delimiter;
  }

  @Override
  public String ending() {
    return ending;
  }

  @Override
  public TableFile read(Path path) {
    String text = text(path);
    Sidecar sidecar = Sidecar.read(path);
    CsvParser parser = new CsvParser(settings(text));
    GatheredCells cells = new GatheredCells(path);
    try {
      parser.beginParsing(new StringReader(text));
      String[] names = parser.parseNext();
      if (names == null) {
        throw DataFault.in(path, "is empty", "its first line should name the columns");
      }
      List<List<String>> columns = new ArrayList<>();
      for (String name : names) {
        columns.add(cells.column(name == null ? "" : name));
      }
      for (String[] row = parser.parseNext(); row != null; row = parser.parseNext()) {
        boolean blank = row.length == 1 && row[0] == null && names.length > 1;
        if (!blank) {
          take(row, columns, path, parser);
          cells.endRow();
        }
      }
    } catch (TextParsingException e) {
      throw DataFault.in(
          path,
          "cannot be read as " + ending.substring(1) + " at line " + (e.getLineIndex() + 1),
          "cells with quotes stand in quotes, and each quote in them is doubled");
    } finally {
      parser.stopParsing();
    }
    return new TableFile(cells.table(sidecar.head()), sidecar.provenance(), sidecar.remarks());
  }

  private static void take(String[] row, List<List<String>> columns, Path path, CsvParser parser) {
    if (row.length != columns.size()) {
      throw DataFault.in(
          path,
          "has "
              + row.length
              + " cells in line "
              + parser.getContext().currentLine()
              + ", and names "
              + columns.size()
              + " columns");
    }
    for (int i = 0; i < row.length; i++) {
      columns.get(i).add(row[i]);
    }
  }

  private CsvParserSettings settings(String text) {
    CsvParserSettings settings = new CsvParserSettings();
    settings.getFormat().setDelimiter(delimiter);
    settings.getFormat().setQuote('"');
    settings.getFormat().setQuoteEscape('"');
    settings.getFormat().setComment('\0');
    settings.getFormat().setLineSeparator(endsLinesWithReturn(text) ? "\r\n" : "\n");
    settings.setNormalizeLineEndingsWithinQuotes(false);
    settings.setIgnoreLeadingWhitespaces(false);
    settings.setIgnoreTrailingWhitespaces(false);
    settings.setSkipEmptyLines(false);
    settings.setMaxColumns(GatheredCells.MOST_COLUMNS);
    settings.setMaxCharsPerColumn(GatheredCells.LONGEST_CELL);
    settings.setUnescapedQuoteHandling(UnescapedQuoteHandling.RAISE_ERROR);
    settings.setReadInputOnSeparateThread(false);
    return settings;
  }

  /** Whether the first line that ends outside of quotes does so with a carriage return. */
  private static boolean endsLinesWithReturn(String text) {
    boolean quoted = false;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      quoted ^= c == '"';
      if (c == '\n' && !quoted) {
        return at > 0 && text.charAt(at - 1) == '\r';
      }
    }
    return false;
  }

  private static String text(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw DataFault.in(path, "has more than " + MOST_BYTES + " bytes, too many for a table");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw DataFault.in(path, "is not UTF-8 text");
    } catch (IOException e) {
      throw DataFault.of(path, e);
    }
  }
}
