package org.zlens.dsl.command.engine;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.data.AnswerPair;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Prompts as rows: number, text, number of tokens, answer pair where there is one, one column a tag
 * (such as {@code order}, {@code template}) and one column a label (its position).
 */
final class PromptTable {
  private PromptTable() {}

  static TableValue of(PromptSet set, List<String> notes) {
    Table table = Table.create(set.name());
    IntColumn number = IntColumn.create("prompt");
    IntColumn tokens = IntColumn.create("tokens");
    Set<String> tags = new TreeSet<>();
    Set<String> labels = new LinkedHashSet<>();
    boolean answered = false;
    for (Prompt prompt : set.prompts()) {
      number.append(number.size());
      tokens.append(prompt.tokens().size());
      tags.addAll(prompt.tags().keySet());
      labels.addAll(prompt.positions().labels().keySet());
      answered |= prompt.answer().isPresent();
    }
    table.addColumns(number, texts("text", set, Prompt::text), tokens);
    if (answered) {
      table.addColumns(
          texts("answer", set, p -> p.answer().map(AnswerPair::answer).orElse(null)),
          texts("over", set, p -> p.answer().map(AnswerPair::over).orElse(null)));
    }
    tags.forEach(tag -> table.addColumns(texts(free(tag, table), set, p -> p.tags().get(tag))));
    labels.forEach(label -> table.addColumns(places(label, set).setName(free(label, table))));
    List<String> all = new ArrayList<>(notes);
    if (set.prompts().stream().allMatch(prompt -> prompt.tokens().prependedBos())) {
      all.add("position 0 of each prompt is the beginning-of-text token");
    } else if (set.prompts().stream().noneMatch(prompt -> prompt.tokens().prependedBos())) {
      all.add("no beginning-of-text token is in front");
    }
    return new TableValue(table, Map.of(), all);
  }

  /** The name of a column, with what sets it apart from one that is there, in whatever case. */
  private static String free(String name, Table table) {
    String free = name;
    for (int n = 2; hasColumn(table, free); n++) {
      free = name + " " + n;
    }
    return free;
  }

  private static boolean hasColumn(Table table, String name) {
    return table.columnNames().stream().anyMatch(name::equalsIgnoreCase);
  }

  private static StringColumn texts(String name, PromptSet set, Function<Prompt, String> cell) {
    StringColumn column = StringColumn.create(name);
    for (Prompt prompt : set.prompts()) {
      String text = cell.apply(prompt);
      if (text == null) {
        column.appendMissing();
      } else {
        column.append(text);
      }
    }
    return column;
  }

  private static IntColumn places(String label, PromptSet set) {
    IntColumn column = IntColumn.create(label);
    for (Prompt prompt : set.prompts()) {
      prompt.positions().find(label).ifPresentOrElse(column::append, column::appendMissing);
    }
    return column;
  }
}
