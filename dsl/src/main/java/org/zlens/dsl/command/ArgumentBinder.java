package org.zlens.dsl.command;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Operator;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.dsl.syntax.Span;
import org.zlens.engine.ZlensException.Kind;

/** Gives each argument of a call to the parameter that it belongs to. */
final class ArgumentBinder {
  private final Signature signature;
  private final Span verb;
  private final Reading reading;
  private final Deque<Expression> rest;
  private final Arguments arguments;
  private List<Parameter<?>> places;

  ArgumentBinder(
      Signature signature, Span call, Span verb, List<Expression> written, Forecast forecast) {
    this.signature = signature;
    this.verb = verb;
    this.reading = new Reading(forecast, signature.words());
    this.rest = new ArrayDeque<>(written);
    this.arguments = new Arguments(call, signature);
    this.places = signature.places();
  }

  Arguments bind() {
    while (!rest.isEmpty()) {
      if (places.isEmpty() || !takesEquations(places.get(0))) {
        unfold();
      }
      Parameter<?> introduced = introduced(rest.peek());
      if (introduced != null) {
        introduced(introduced, rest.poll());
      } else {
        placed(rest.peek());
      }
    }
    complain();
    return arguments;
  }

  /** Makes {@code n=100}, where n introduces an argument, the two arguments that it is. */
  private void unfold() {
    if (rest.peek() instanceof Expression.Binary equation
        && equation.operator() == Operator.EQUAL
        && introduced(equation.left()) != null
        && !introduced(equation.left()).isFlag()) {
      rest.poll();
      rest.push(equation.right());
      rest.push(equation.left());
    }
  }

  /** Whether an equation may be an argument itself. */
  private static boolean takesEquations(Parameter<?> parameter) {
    return parameter.type().isOverColumns() || parameter.type().form() == ArgumentForm.LANGUAGE;
  }

  /** The parameter that a bare word introduces, or null. */
  private Parameter<?> introduced(Expression expression) {
    if (!(expression instanceof Expression.Word word) || word.quoted()) {
      return null;
    }
    for (Parameter<?> parameter : signature.parameters()) {
      if (word.text().equals(parameter.word())) {
        return parameter;
      }
    }
    return null;
  }

  private void introduced(Parameter<?> parameter, Expression word) {
    if (arguments.isGiven(parameter)) {
      throw new Fault(Kind.TYPE, word.span(), "'" + parameter.word() + "' is given twice", usage());
    }
    if (parameter.isFlag()) {
      arguments.put(parameter, List.of(), word.span(), true);
      return;
    }
    if (rest.isEmpty() || introduced(rest.peek()) != null) {
      throw Fault.missing(
          word.span(),
          "'" + parameter.word() + "' needs " + parameter.type().expected(),
          rest.isEmpty() || !parameter.type().isOverColumns()
              ? usage()
              : "a column named '" + Printer.print(rest.peek()) + "' stands between back quotes");
    }
    take(parameter);
  }

  /** Gives an argument to the first free parameter whose form it has. */
  private void placed(Expression expression) {
    for (int i = 0; i < places.size(); i++) {
      Parameter<?> parameter = places.get(i);
      if (parameter.isRequired() || fits(parameter, expression)) {
        places = places.subList(i + 1, places.size());
        take(parameter);
        return;
      }
    }
    String text = Printer.print(expression);
    if (!places.isEmpty() && !(expression instanceof Expression.Word)) {
      throw Mismatch.fault(places.get(0), expression, reading);
    }
    String near = Suggestion.didYouMean(text, signature.words());
    if (near == null && !places.isEmpty()) {
      throw Mismatch.fault(places.get(0), expression, reading);
    }
    throw new Fault(
        Kind.TYPE,
        expression.span(),
        "'" + signature.verb() + "' does not take " + Quoted.of(text) + " here",
        near == null ? usage() : near);
  }

  private boolean fits(Parameter<?> parameter, Expression expression) {
    try {
      for (Expression part : Arguments.parts(parameter, expression, reading)) {
        if (parameter.type().read(part, reading) == null) {
          return false;
        }
      }
      return true;
    } catch (NotYetKnown later) {
      return parameter.type().accepts(later.kind());
    }
  }

  private void take(Parameter<?> parameter) {
    List<Expression> taken = new ArrayList<>();
    taken.add(next(parameter));
    while (parameter.isMany() && !rest.isEmpty()) {
      if (!takesEquations(parameter)) {
        unfold();
      }
      if (introduced(rest.peek()) != null) {
        break;
      }
      taken.add(next(parameter));
    }
    Span span = taken.get(0).span().to(taken.get(taken.size() - 1).span());
    arguments.put(parameter, taken, span, readOrDefer(parameter, taken));
  }

  /** The next argument; {@code any S2} is one, and the same as {@code any(S2)}. */
  private Expression next(Parameter<?> parameter) {
    Expression first = rest.poll();
    boolean union =
        parameter.type() == Types.POSITION
            && first instanceof Expression.Word word
            && word.text().equals(PositionType.ANY)
            && !rest.isEmpty()
            && introduced(rest.peek()) == null;
    if (!union) {
      return first;
    }
    Expression of = rest.poll();
    return new Expression.Function(first.span().to(of.span()), PositionType.ANY, List.of(of));
  }

  private Object readOrDefer(Parameter<?> parameter, List<Expression> taken) {
    try {
      return Arguments.read(parameter, taken, reading);
    } catch (NotYetKnown later) {
      if (!parameter.type().accepts(later.kind())) {
        throw new Fault(
            Kind.TYPE,
            taken.get(0).span(),
            "expected " + parameter.type().expected() + ", found " + later.kind().phrase(),
            null);
      }
      return null;
    }
  }

  private void complain() {
    for (Parameter<?> parameter : signature.parameters()) {
      if (parameter.isRequired() && !arguments.isGiven(parameter)) {
        String word = parameter.word() == null ? "" : "'" + parameter.word() + "' and ";
        throw Fault.missing(
            verb,
            "'" + signature.verb() + "' needs " + word + parameter.type().expected(),
            usage());
      }
    }
    for (List<Parameter<?>> set : signature.alternatives()) {
      List<Parameter<?>> found = new ArrayList<>();
      for (Parameter<?> parameter : set) {
        if (arguments.isGiven(parameter)) {
          found.add(parameter);
        }
      }
      if (found.isEmpty()) {
        throw Fault.missing(verb, "'" + signature.verb() + "' needs " + names(set), usage());
      } else if (found.size() > 1) {
        throw new Fault(
            Kind.TYPE,
            arguments.span(found.get(1)),
            "'" + signature.verb() + "' takes one of " + names(set) + ", not two",
            usage());
      }
    }
  }

  private static String names(List<Parameter<?>> set) {
    return String.join(
        " or ",
        set.stream()
            .map(p -> p.word() != null ? "'" + p.word() + "'" : p.type().expected())
            .toList());
  }

  private String usage() {
    return "usage: " + signature.usage();
  }
}
