package org.zlens.repl.output;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.StripsValue;
import org.zlens.dsl.syntax.Quoted;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Tokens as running text: coloured by their numbers, with a scale below, or, without colours, with
 * each number that is not zero behind its token.
 */
final class StripsPrinter {
  private StripsPrinter() {}

  static void print(StripsValue value, Page page) throws IOException {
    Table table = value.table().table();
    Column<?> tokens = Cells.find(table, value.token());
    double[] numbers = numbers((NumericColumn<?>) Cells.find(table, value.number()));
    int strongest = strongest(numbers);
    double largest = strongest < 0 ? 0 : Math.abs(numbers[strongest]);
    HeatScale scale = page.color() ? new HeatScale(largest) : null;
    Digits digits = Digits.of(numbers);
    Appendable out = page.out();
    if (table.name() != null && !table.name().isEmpty()) {
      out.append(table.name()).append('\n');
    }
    Map<String, List<Integer>> strips = strips(value, table);
    int indent = strips.keySet().stream().mapToInt(String::length).max().orElse(0);
    int shown = 0;
    for (Map.Entry<String, List<Integer>> strip : strips.entrySet()) {
      if (shown++ == page.rows()) {
        break;
      }
      String name = " ".repeat(indent - strip.getKey().length()) + strip.getKey();
      StripLines lines = new StripLines(strips.size() == 1 ? "" : name + "  ", page.width());
      for (int row : strip.getValue()) {
        lines.add(text(tokens, row, numbers[row], digits, scale), scale, numbers[row]);
      }
      out.append(lines.text());
    }
    if (strips.size() > page.rows()) {
      out.append("... and " + (strips.size() - page.rows()) + " more");
      out.append("; 'set rows " + strips.size() + "' shows all\n");
    }
    out.append(legend(value, numbers, scale, digits, page.width()));
    for (String note : value.table().notes()) {
      out.append(note).append('\n');
    }
  }

  private static String legend(
      StripsValue value, double[] numbers, HeatScale scale, Digits digits, int width) {
    String unit = value.table().units().getOrDefault(value.number(), value.number());
    int strongest = strongest(numbers);
    if (strongest < 0) {
      return "no " + unit + " other than 0\n";
    }
    Table table = value.table().table();
    WrappedLine line = new WrappedLine(width);
    if (scale != null) {
      boolean negative = Arrays.stream(numbers).anyMatch(number -> number < 0);
      scale.addTo(line, digits, negative);
      line.addWords(unit + ";");
    }
    line.addWords("strongest: " + digits.format(numbers[strongest]) + " " + unit + " at");
    StringBuilder place = new StringBuilder();
    for (String column : List.of("prompt", "position")) {
      Column<?> known = Cells.find(table, column);
      if (known != null && !known.isMissing(strongest)) {
        place.append(", ").append(column).append(' ').append(known.getString(strongest));
      }
    }
    String token = Quoted.of(Cells.find(table, value.token()).getString(strongest));
    line.add(place.isEmpty() ? token : token + ",");
    if (!place.isEmpty()) {
      line.addWords(place.substring(2));
    }
    return line.text();
  }

  /** The token as it can be seen, without colours with its number. */
  private static String text(
      Column<?> tokens, int row, double number, Digits digits, HeatScale scale) {
    String token = tokens.isMissing(row) ? "" : tokens.getUnformattedString(row);
    String seen = Quoted.printable(token);
    if (seen.isBlank()) {
      seen = seen.isEmpty() ? "\\0" : "\\s".repeat(seen.length());
    }
    boolean bare = scale != null || number == 0 || Double.isNaN(number);
    return bare ? seen : seen + "[" + digits.format(number) + "]";
  }

  /** Rows by the strip that they are in; strips in the order of their first rows. */
  private static Map<String, List<Integer>> strips(StripsValue value, Table table) {
    Column<?> strip = value.strip() == null ? null : Cells.find(table, value.strip());
    Map<String, List<Integer>> strips = new LinkedHashMap<>();
    for (int row = 0; row < table.rowCount(); row++) {
      String name = strip == null ? "" : Quoted.printable(strip.getUnformattedString(row));
      strips.computeIfAbsent(name, n -> new ArrayList<>()).add(row);
    }
    return strips;
  }

  private static double[] numbers(NumericColumn<?> column) {
    double[] numbers = new double[column.size()];
    for (int row = 0; row < numbers.length; row++) {
      numbers[row] = column.isMissing(row) ? Double.NaN : column.getDouble(row);
    }
    return numbers;
  }

  /** The row of the number farthest from zero, or -1 if all are zero or missing. */
  private static int strongest(double[] numbers) {
    int strongest = -1;
    for (int row = 0; row < numbers.length; row++) {
      double size = Math.abs(numbers[row]);
      if (size > 0 && (strongest < 0 || size > Math.abs(numbers[strongest]))) {
        strongest = row;
      }
    }
    return strongest;
  }
}
