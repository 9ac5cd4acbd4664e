package org.zlens.dsl.command.builtin;

import java.util.List;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.ParameterType;
import org.zlens.dsl.command.Reading;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Setting;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException.Kind;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code set}: the settings of the session. */
public final class SetCommand implements Command {
  private static final Parameter<Setting<?>> NAME =
      Parameter.of("name", new SettingType(), "which setting; all are listed without one")
          .optional();

  private static final Parameter<Expression> VALUE =
      Parameter.of("value", Types.EXPRESSION, "its new value; it is shown without one").optional();

  private static final Signature SIGNATURE =
      Signature.verb("set", Group.SESSION, "list the settings, show one, or change one")
          .parameters(NAME, VALUE)
          .result(ValueKind.TABLE)
          .columns("name", "value", "summary")
          .example("set", "all settings with their values")
          .example("set seed 7\nset seed", "another seed, and a look at it")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public List<Candidate> complete(
      Parameter<?> parameter, List<String> written, String typed, Forecast forecast) {
    Setting<?> setting = written.isEmpty() ? null : forecast.settings().find(written.get(0));
    if (parameter == NAME) {
      return NAME.type().candidates(forecast);
    }
    return setting == null ? List.of() : setting.type().candidates(forecast, typed);
  }

  @Override
  public ValueKind resultKind(Arguments arguments, ValueKind input) {
    return arguments.has(VALUE) ? ValueKind.NOTHING : ValueKind.TABLE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (arguments.has(VALUE) && !arguments.has(NAME)) {
      throw arguments.fault(
          VALUE,
          Kind.TYPE,
          "expected the name of a setting, found " + Quoted.of(Printer.print(arguments.get(VALUE))),
          "type 'set' for the settings");
    }
    if (arguments.has(VALUE) && arguments.isKnown(NAME)) {
      try {
        read(arguments.get(NAME), arguments, forecast);
      } catch (RuntimeException e) {
        if (!Reading.isUnknown(e)) {
          throw e;
        }
      }
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    if (arguments.has(VALUE)) {
      change(arguments.get(NAME), arguments, session);
      return NothingValue.NOTHING;
    }
    Settings settings = session.settings();
    return list(
        arguments.find(NAME).<List<Setting<?>>>map(List::of).orElse(settings.all()), settings);
  }

  private static <T> void change(Setting<T> setting, Arguments arguments, Session session) {
    session.settings().set(setting, read(setting, arguments, session.forecast()));
  }

  private static <T> T read(Setting<T> setting, Arguments arguments, Forecast forecast) {
    Expression expression = arguments.get(VALUE);
    T value = setting.type().read(expression, new Reading(forecast));
    if (value == null) {
      throw arguments.fault(
          VALUE,
          Kind.TYPE,
          "'"
              + setting.name()
              + "' wants "
              + setting.type().expected()
              + ", found "
              + Quoted.of(Printer.print(expression)),
          null);
    }
    return value;
  }

  private static Value list(List<Setting<?>> some, Settings settings) {
    StringColumn names = StringColumn.create("name");
    StringColumn values = StringColumn.create("value");
    StringColumn summaries = StringColumn.create("summary");
    for (Setting<?> setting : some) {
      names.append(setting.name());
      Object value = settings.get(setting);
      values.append(value instanceof Double number ? NumberValue.format(number) : value.toString());
      summaries.append(setting.summary());
    }
    return new TableValue(Table.create("settings", names, values, summaries));
  }

  /** Reads the name of a setting of the session. */
  private static final class SettingType implements ParameterType<Setting<?>> {
    @Override
    public String expected() {
      return "the name of a setting";
    }

    @Override
    public Setting<?> read(Expression expression, Reading reading) {
      String name = Types.NAME.read(expression, reading);
      if (name == null) {
        return null;
      }
      Setting<?> setting = reading.forecast().settings().find(name);
      if (setting == null) {
        List<String> names =
            reading.forecast().settings().all().stream().<String>map(Setting::name).toList();
        throw reading.fault(
            expression,
            "no setting " + Quoted.of(name),
            Suggestion.didYouMean(name, names, "type 'set' for the settings"));
      }
      return setting;
    }

    @Override
    public List<Candidate> candidates(Forecast forecast) {
      return forecast.settings().all().stream()
          .<Candidate>map(s -> new Candidate(s.name(), s.summary()))
          .toList();
    }
  }
}
