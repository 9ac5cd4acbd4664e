package org.zlens.dsl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.ValueKind;

/** What a signature says of a command, as sentences that help and the reference print. */
public final class HelpText {
  private static final int WIDTH = 80;

  private HelpText() {}

  /** Everything about a command, as plain text of at most 80 columns. */
  public static String of(Signature signature) {
    StringBuilder out = new StringBuilder();
    out.append(signature.verb()).append(" - ").append(signature.summary()).append("\n\n");
    out.append(wrap(signature.usage(), "  ", "      ")).append('\n');
    if (!signature.parameters().isEmpty()) {
      out.append('\n').append(columns(parameterRows(signature)));
    }
    out.append('\n').append(wrap(pipe(signature), "", "")).append('\n');
    if (!signature.details().isEmpty()) {
      out.append('\n').append(wrap(signature.details(), "", "")).append('\n');
    }
    for (Example example : signature.examples()) {
      out.append("\n  ").append(example.script().replace("\n", "\n  ")).append('\n');
      out.append("      ").append(example.says()).append('\n');
    }
    return out.toString();
  }

  /** The usage of a command and its parameters, for whoever is about to type them. */
  public static String brief(Signature signature) {
    StringBuilder out = new StringBuilder();
    out.append(signature.verb()).append(" - ").append(signature.summary()).append('\n');
    out.append(wrap(signature.usage(), "  ", "      ")).append('\n');
    return out.append(columns(parameterRows(signature))).toString();
  }

  private static List<List<String>> parameterRows(Signature signature) {
    List<List<String>> rows = new ArrayList<>();
    for (Parameter<?> parameter : signature.parameters()) {
      String shown = parameter.usage().replaceAll("^\\[|\\]$", "");
      rows.add(List.of(shown, describe(parameter)));
    }
    return rows;
  }

  /** What a parameter is for, what it takes, and its value when it is left out. */
  public static String describe(Parameter<?> parameter) {
    if (parameter.isFlag()) {
      return parameter.summary();
    }
    String text = parameter.summary() + ": " + parameter.type().expected();
    Object initial = parameter.initial();
    if (initial == null) {
      return text;
    }
    String shown =
        initial instanceof Double number ? NumberValue.format(number) : initial.toString();
    return text + "; " + shown + " if left out";
  }

  /** What comes in through a pipe and what goes out, in one sentence. */
  public static String pipe(Signature signature) {
    String in =
        signature.input().isEmpty()
            ? ""
            : "takes "
                + ValueKind.phrase(signature.input())
                + (signature.isInputOptional()
                    ? " from a pipe if there is one, "
                    : " from a pipe or else the last result, ");
    return in
        + "gives "
        + (signature.passes() ? "the same" : signature.result().phrase())
        + signature.needs().stream()
            .sorted()
            .map(Capability::does)
            .collect(Collectors.collectingAndThen(Collectors.joining(" and "), HelpText::refused));
  }

  private static String refused(String does) {
    return does.isEmpty() ? "" : "; it " + does + ", which --safe refuses";
  }

  /** Rows of two cells, the second wrapped in a column of its own. */
  public static String columns(List<List<String>> rows) {
    int left = rows.stream().mapToInt(row -> row.get(0).length()).max().orElse(0);
    int indent = Math.min(left, 26) + 4;
    StringBuilder out = new StringBuilder();
    for (List<String> row : rows) {
      String first = "  " + row.get(0);
      boolean fits = first.length() <= indent - 2;
      String start = fits ? first + " ".repeat(indent - first.length()) : " ".repeat(indent);
      if (!fits) {
        out.append(first).append('\n');
      }
      out.append(wrap(row.get(1), start, " ".repeat(indent))).append('\n');
    }
    return out.toString();
  }

  /** Text in lines of at most 80 columns. */
  public static String wrap(String text, String first, String following) {
    List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder(first)));
    boolean fresh = true;
    for (String word : text.split("[ \n]+")) {
      StringBuilder line = lines.get(lines.size() - 1);
      if (!fresh && line.length() + 1 + word.length() > WIDTH) {
        line = new StringBuilder(following);
        lines.add(line);
        fresh = true;
      }
      line.append(fresh ? "" : " ").append(word);
      fresh = false;
    }
    return lines.stream()
        .map(line -> line.toString().stripTrailing())
        .collect(Collectors.joining("\n"));
  }
}
