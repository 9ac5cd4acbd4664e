package org.zlens.dsl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Operator;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException.Kind;

/**
 * Reads positions: {@code 7}, {@code S2}, {@code S2+1}, {@code " Bob"#2}, {@code END}, {@code ALL},
 * {@code any S2}.
 */
final class PositionType implements ParameterType<Position> {
  private static final String END = "END";
  private static final String ALL = "ALL";

  /** Before a place, it makes the union of where that lies in all prompts. */
  static final String ANY = "any";

  @Override
  public String expected() {
    return "a position such as S2, S2+1, \" Bob\"#2, 7, END or ALL";
  }

  private Position any(Expression.Function function, Reading reading) {
    Position of =
        function.operands().size() == 1 ? read(function.operands().get(0), reading) : null;
    return of == null || of instanceof Position.All || of instanceof Position.Any
        ? null
        : new Position.Any(of);
  }

  @Override
  public Position read(Expression e, Reading reading) {
    if (e instanceof Expression.Binary sum
        && (sum.operator() == Operator.PLUS || sum.operator() == Operator.MINUS)
        && !(sum.left() instanceof Expression.NumberLiteral)) {
      Position place = read(sum.left(), reading);
      Integer offset = Types.whole(0, Integer.MAX_VALUE).asInt(sum.right(), reading);
      if (place == null || offset == null) {
        return null;
      }
      int signed = sum.operator() == Operator.PLUS ? offset : -offset;
      return moved(place, signed, e);
    }
    if (e instanceof Expression.Function function && function.name().equals(ANY)) {
      return any(function, reading);
    }
    if (e instanceof Expression.Word word) {
      return word(word.text(), e, reading.forecast());
    }
    if (e instanceof Expression.Occurrence occurrence) {
      String text = reading.value(occurrence.text()).toString();
      return new Position.Occurrence(text, occurrence.number(), 0);
    }
    Value value = e instanceof Expression.Text ? null : reading.value(e);
    if (value instanceof TextValue text) {
      return word(text.text(), e, reading.forecast());
    } else if (value instanceof NumberValue) {
      Integer index = Types.whole(0, Integer.MAX_VALUE).asInt(e, reading);
      return index == null ? null : new Position.Index(index);
    }
    return null;
  }

  private static Position word(String text, Expression e, Forecast forecast) {
    if (text.equals(END)) {
      return new Position.End(0);
    } else if (text.equals(ALL)) {
      return new Position.All();
    }
    Known<Set<String>> labels = forecast.ask(Fact.LABELS);
    if (labels.isKnown() && !labels.value().map(all -> all.contains(text)).orElse(false)) {
      List<String> names = new ArrayList<>(labels.value().orElse(Set.of()));
      names.sort(null);
      throw new Fault(
          Kind.NAME,
          e.span(),
          "no label " + Quoted.of(text) + " in the prompts",
          Suggestion.didYouMean(text, names, labelsHint(names)));
    }
    return new Position.Label(text, 0);
  }

  private static String labelsHint(List<String> names) {
    return names.isEmpty()
        ? "name a place with 'mark', as in mark S2 = \" Bob\"#2"
        : "labels are " + String.join(", ", names) + ", END and ALL";
  }

  private static Position moved(Position place, int offset, Expression e) {
    if (place instanceof Position.Label label) {
      return new Position.Label(label.name(), label.offset() + offset);
    } else if (place instanceof Position.Occurrence at) {
      return new Position.Occurrence(at.word(), at.number(), at.offset() + offset);
    } else if (place instanceof Position.End end && end.offset() + offset <= 0) {
      return new Position.End(end.offset() + offset);
    }
    throw new Fault(
        Kind.TYPE, e.span(), Quoted.of(place.text()) + " cannot be moved by " + offset, null);
  }

  @Override
  public ArgumentForm form() {
    return ArgumentForm.POSITION;
  }

  @Override
  public boolean accepts(ValueKind kind) {
    return kind == ValueKind.TEXT || kind == ValueKind.NUMBER || kind == ValueKind.ANY;
  }

  @Override
  public List<Candidate> candidates(Forecast forecast) {
    List<Candidate> all = new ArrayList<>();
    forecast
        .ask(Fact.LABELS)
        .value()
        .ifPresent(
            labels -> labels.stream().sorted().forEach(l -> all.add(new Candidate(l, "label"))));
    all.add(new Candidate(ALL, "every token"));
    all.add(new Candidate(END, "the last token"));
    return all;
  }
}
