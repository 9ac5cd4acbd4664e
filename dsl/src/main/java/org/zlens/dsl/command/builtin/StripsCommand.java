package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.StripsValue;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException.Kind;
import tech.tablesaw.api.NumericColumn;

/** {@code strips}: a table with tokens, shown as text that is coloured by one of its columns. */
public final class StripsCommand implements Command {
  private static final String PROMPT = "prompt";

  private static final Parameter<String> BY =
      Parameter.after("by", "column", Types.NAME, "the numbers that make the colours");

  private static final Parameter<String> TOKENS =
      Parameter.after("tokens", "column", Types.NAME, "the texts of the tokens").orElse("token");

  private static final Parameter<String> PER =
      Parameter.after(
              "per",
              "column",
              Types.NAME,
              "a strip for each of its values; 'prompt' without it, if there is such a column")
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("strips", Group.TABLES, "show tokens in a row, coloured by a column")
          .details(
              """
              Where there are no colours, the numbers stand behind their tokens. For other verbs \
              the result is the table. 'tokens by FEATURE' shows activations in this way.""")
          .parameters(BY, TOKENS, PER)
          .input(TableRows.TABULAR)
          .result(ValueKind.TABLE)
          .example(
              """
              model sprig
              prompt "When Ann and Bob went to the store, Bob"
              tokens | select prompt token, length(token) as letters | strips by letters""",
              "the tokens of a prompt by their lengths")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (arguments.inputColumns().isPresent()) {
      List<String> columns = arguments.inputColumns().get();
      for (Parameter<String> parameter : List.of(BY, TOKENS, PER)) {
        if (arguments.isKnown(parameter) && arguments.find(parameter).isPresent()) {
          require(arguments, parameter, columns);
        }
      }
    }
  }

  @Override
  public Optional<List<String>> resultColumns(Arguments arguments, Forecast forecast) {
    return arguments.inputColumns();
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    TableValue value = new TableRows(arguments.input(), session).value();
    List<String> columns = value.table().columnNames();
    final String token = require(arguments, TOKENS, columns);
    String number = require(arguments, BY, columns);
    if (!(Cells.find(value.table(), number) instanceof NumericColumn<?>)) {
      throw arguments.fault(
          BY, Kind.TYPE, "column " + Quoted.of(number) + " is not of numbers", null);
    }
    String strip = columns.contains(PROMPT) ? PROMPT : null;
    if (arguments.has(PER)) {
      strip = require(arguments, PER, columns);
    }
    return new StripsValue(value, token, number, strip);
  }

  private static String require(
      Arguments arguments, Parameter<String> parameter, List<String> columns) {
    String name = arguments.get(parameter);
    if (!columns.contains(name)) {
      throw arguments.fault(
          parameter,
          Kind.NAME,
          "no column " + Quoted.of(name) + " in this table",
          Suggestion.didYouMean(name, columns, Cells.columnsHint(columns)));
    }
    return name;
  }
}
