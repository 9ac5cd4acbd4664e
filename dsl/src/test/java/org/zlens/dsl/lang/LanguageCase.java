package org.zlens.dsl.lang;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;
import tech.tablesaw.api.Table;

/** One script of a language test: what it prints, written as comments below each statement. */
final class LanguageCase implements ResultListener {
  static final String MARK = "# expect";

  private final SourceText source;
  private final Path directory;
  private final Map<Integer, List<String>> said = new TreeMap<>();
  private int line = 1;

  LanguageCase(String text, Path directory) {
    String script = text.lines().filter(l -> !l.startsWith(MARK)).collect(Collectors.joining("\n"));
    this.source = new SourceText("test", script);
    this.directory = directory;
  }

  static Registry registry() {
    return new Registry(BuiltinCommands.all())
        .with(List.of(new SampleCommand(), new ModelCommand(), new EchoCommand()));
  }

  SourceText source() {
    return source;
  }

  /** The script with what it prints below the lines that print it. */
  String run() {
    try (Session session = new Session(registry(), Settings.STANDARD, this, directory)) {
      new Interpreter(session).run(source);
    } catch (DiagnosticException e) {
      say(e.diagnostic());
    }
    StringBuilder out = new StringBuilder();
    List<String> lines = source.text().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      out.append(lines.get(i)).append('\n');
      said.getOrDefault(i + 1, List.of()).forEach(s -> out.append(MARK).append(s).append('\n'));
    }
    return out.toString();
  }

  @Override
  public void onValue(Statement statement, Value value, Provenance provenance) {
    line = source.line(statement.span().end());
    TableValue table = Cells.tableOf(value);
    if (table == null) {
      value.toString().lines().forEach(text -> say((": " + text).stripTrailing()));
      return;
    }
    Table rows = table.table();
    say(": " + String.join(" | ", rows.columnNames()));
    for (int row = 0; row < rows.rowCount(); row++) {
      int at = row;
      say(
          ": "
              + IntStream.range(0, rows.columnCount())
                  .mapToObj(column -> Cells.value(rows.column(column), at).toString())
                  .collect(Collectors.joining(" | ")));
    }
  }

  @Override
  public void onNote(String note) {
    say(" note: " + note);
  }

  private void say(Diagnostic diagnostic) {
    SourceText where = diagnostic.source();
    int start = diagnostic.span().start();
    line = where == source ? source.line(diagnostic.span().end()) : line;
    String place = where.line(start) + ":" + where.column(start);
    String name = where == source ? "" : where.name() + ":";
    say(" error " + name + place + ": " + diagnostic.message());
    if (diagnostic.hint() != null) {
      say(" hint: " + diagnostic.hint());
    }
  }

  private void say(String text) {
    said.computeIfAbsent(line, l -> new ArrayList<>()).add(text);
  }
}
