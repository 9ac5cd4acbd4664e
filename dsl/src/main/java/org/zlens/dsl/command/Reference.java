package org.zlens.dsl.command;

import java.util.List;

/** The reference page, {@code docs/commands.md}, made from the signatures. */
public final class Reference {
  private Reference() {}

  /** The page as Markdown. */
  public static String markdown(Registry registry, List<Topic> topics) {
    StringBuilder out = new StringBuilder();
    out.append("# Commands\n\n");
    out.append("Made from the commands' signatures; `help` prints the same at the prompt.\n");
    for (Group group : Group.values()) {
      List<Command> commands = registry.all(group);
      if (!commands.isEmpty()) {
        out.append("\n## ").append(group.title()).append('\n');
        commands.forEach(command -> section(command.signature(), out));
      }
    }
    for (Topic topic : topics) {
      out.append("\n## ")
          .append(topic.name())
          .append("\n\n")
          .append(topic.summary())
          .append("\n\n");
      table(topic.rows(), "write", "meaning", out);
    }
    return out.toString();
  }

  private static void section(Signature signature, StringBuilder out) {
    out.append("\n### ").append(signature.verb()).append("\n\n");
    out.append(sentence(signature.summary())).append("\n\n");
    out.append("    ").append(signature.usage()).append("\n");
    if (!signature.parameters().isEmpty()) {
      out.append('\n');
      List<List<String>> rows =
          signature.parameters().stream()
              .map(p -> List.of(p.usage().replaceAll("^\\[|\\]$", ""), HelpText.describe(p)))
              .toList();
      table(rows, "argument", "meaning", out);
    }
    out.append('\n').append(sentence(HelpText.pipe(signature))).append('\n');
    if (!signature.details().isEmpty()) {
      out.append('\n').append(signature.details().strip()).append('\n');
    }
    for (Example example : signature.examples()) {
      out.append('\n').append(sentence(example.says())).append("\n\n    ");
      out.append(example.script().replace("\n", "\n    ")).append('\n');
    }
  }

  private static void table(
      List<List<String>> rows, String first, String second, StringBuilder out) {
    out.append("| ").append(first).append(" | ").append(second).append(" |\n|---|---|\n");
    for (List<String> row : rows) {
      out.append("| `").append(row.get(0).replace("|", "\\|")).append("` | ");
      out.append(row.get(1).replace("|", "\\|")).append(" |\n");
    }
  }

  private static String sentence(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }
}
