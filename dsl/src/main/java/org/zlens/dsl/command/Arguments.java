package org.zlens.dsl.command;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Span;
import org.zlens.engine.ZlensException.Kind;

/** The arguments of one call, by parameter. */
public final class Arguments {
  private final Span span;
  private final Signature signature;
  private final Map<Parameter<?>, Given> given = new IdentityHashMap<>();
  private Value input = NothingValue.NOTHING;
  private ValueKind inputKind = ValueKind.NOTHING;
  private Optional<List<String>> inputColumns = Optional.empty();

  /** What was written for a parameter; the value is null while it hangs on the run. */
  private record Given(List<Expression> expressions, Span span, Object value) {}

  Arguments(Span span, Signature signature) {
    this.span = span;
    this.signature = signature;
  }

  void put(Parameter<?> parameter, List<Expression> expressions, Span place, Object value) {
    given.put(parameter, new Given(List.copyOf(expressions), place, value));
  }

  boolean isGiven(Parameter<?> parameter) {
    return given.containsKey(parameter);
  }

  /** The value of a parameter that is required or has a default. */
  public <T> T get(Parameter<T> parameter) {
    return find(parameter)
        .orElseThrow(() -> new IllegalStateException("no value for parameter " + parameter.name()));
  }

  /** The value of a parameter, if it was given or has a default. */
  public <T> Optional<T> find(Parameter<T> parameter) {
    Given one = given.get(parameter);
    if (one == null) {
      return Optional.ofNullable(parameter.initial());
    }
    if (one.value() == null) {
      throw new IllegalStateException("parameter " + parameter.name() + " is not known yet");
    }
    @SuppressWarnings("unchecked")
    T value = (T) one.value();
    return Optional.of(value);
  }

  /** Whether the user gave it; a default does not count. */
  public boolean has(Parameter<?> parameter) {
    return given.containsKey(parameter);
  }

  /** Whether its value is known; in a check, one that hangs on the run is not. */
  public boolean isKnown(Parameter<?> parameter) {
    Given one = given.get(parameter);
    return one == null || one.value() != null;
  }

  /** Where it was written; the whole call if it was left out. */
  public Span span(Parameter<?> parameter) {
    Given one = given.get(parameter);
    return one == null ? span : one.span();
  }

  /** What was written for a parameter that was given, as a script writes it. */
  public String written(Parameter<?> parameter) {
    return given.get(parameter).expressions().stream()
        .map(Printer::print)
        .collect(Collectors.joining(" "));
  }

  /** Where the call was written. */
  public Span span() {
    return span;
  }

  /** What came through the pipe; nothing if there was none. */
  public Value input() {
    return input;
  }

  /** The kind of what comes through the pipe, known in a check already. */
  public ValueKind inputKind() {
    return inputKind;
  }

  void setInputKind(ValueKind kind) {
    inputKind = kind;
  }

  /** The columns of the table that comes through the pipe, where a check knows them. */
  public Optional<List<String>> inputColumns() {
    return inputColumns;
  }

  void setInputColumns(Optional<List<String>> columns) {
    inputColumns = columns;
  }

  /** A failure to throw, which points at one argument. */
  public Fault fault(Parameter<?> parameter, Kind kind, String message, String hint) {
    return new Fault(kind, span(parameter), message, hint);
  }

  /** The same with everything read that hung on the run, which it must know by now. */
  public Arguments complete(Reading reading, Value piped) {
    Arguments complete = new Arguments(span, signature);
    complete.input = piped;
    complete.inputKind = piped.kind();
    given.forEach(
        (parameter, one) -> {
          if (one.value() != null) {
            complete.put(parameter, one.expressions(), one.span(), one.value());
            return;
          }
          Parameter<?> meant = meant(parameter, one.expressions(), reading);
          Object value = read(meant, one.expressions(), reading);
          complete.put(meant, one.expressions(), one.span(), value);
        });
    return complete;
  }

  /**
   * The parameter that an argument is for, now that its value is known: of several that stand for
   * each other without a word, the first whose form it has.
   */
  private Parameter<?> meant(Parameter<?> bound, List<Expression> expressions, Reading reading) {
    if (bound.word() != null || expressions.size() > 1) {
      return bound;
    }
    return signature.alternatives().stream()
        .filter(set -> set.contains(bound))
        .flatMap(List::stream)
        .filter(one -> one.word() == null)
        .filter(
            one ->
                parts(one, expressions.get(0), reading).stream()
                    .allMatch(part -> one.type().read(part, reading) != null))
        .findFirst()
        .orElse(bound);
  }

  /** Reads what was written for a parameter; a fault if it has not the parameter's form. */
  static Object read(Parameter<?> parameter, List<Expression> expressions, Reading reading) {
    List<Object> values = new ArrayList<>();
    for (Expression expression : expressions) {
      for (Expression part : parts(parameter, expression, reading)) {
        Object value = parameter.type().read(part, reading);
        if (value == null) {
          throw Mismatch.fault(parameter, part, reading);
        }
        values.add(value);
      }
    }
    return parameter.isMany() ? List.copyOf(values) : values.get(0);
  }

  /**
   * An argument, or the several that it is when it is written in brackets, as a range, or as $name
   * of a list.
   */
  static List<Expression> parts(Parameter<?> parameter, Expression expression, Reading reading) {
    boolean spreads = parameter.isMany() && parameter.type().form().isSeveral();
    List<Expression> written = spreads ? ListType.written(expression, reading) : null;
    if (spreads && expression instanceof Expression.Variable) {
      written = ListType.held(expression, reading);
    }
    if (written == null) {
      return List.of(expression);
    }
    if (written.isEmpty()) {
      throw reading.fault(
          expression, "expected " + parameter.type().expected() + ", found an empty list", null);
    }
    return written;
  }
}
