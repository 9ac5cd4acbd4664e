package org.zlens.dsl.command.builtin;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.EntryHistory;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code history}: what was typed at the prompt. */
public final class HistoryCommand implements Command {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private static final Parameter<String> TEXT =
      Parameter.of("text", Types.STRING, "only entries with this text in them").optional();

  private static final Parameter<Integer> LAST =
      Parameter.after("last", "count", Types.count(), "so many of the latest").orElse(40);

  private static final Signature SIGNATURE =
      Signature.verb("history", Group.SESSION, "list what was typed at the prompt")
          .details(
              """
              The prompt keeps its entries in a file; the variable ZLENS_HISTORY of the environment \
              names another, or none if it is empty. Ctrl-R searches in it while a line is typed. \
              Elsewhere than at a prompt there are no entries.""")
          .parameters(TEXT, LAST)
          .result(ValueKind.TABLE)
          .columns("number", "time", "entry")
          .interactive()
          .example("history", "the latest entries")
          .example("history \"ablate\" last 5", "the latest five that speak of ablations")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    List<EntryHistory.Entry> entries =
        session.find(EntryHistory.SLOT).map(h -> h.entries().get()).orElse(List.of());
    String text = arguments.find(TEXT).orElse("");
    List<EntryHistory.Entry> found =
        entries.stream().filter(entry -> entry.text().contains(text)).toList();
    int last = arguments.get(LAST);
    IntColumn numbers = IntColumn.create("number");
    StringColumn times = StringColumn.create("time");
    StringColumn texts = StringColumn.create("entry");
    for (EntryHistory.Entry entry : found.subList(Math.max(0, found.size() - last), found.size())) {
      numbers.append(entry.number());
      times.append(TIME.format(entry.time().atZone(ZoneId.systemDefault())));
      texts.append(entry.text());
    }
    return new TableValue(Table.create("history", numbers, times, texts));
  }
}
