package org.zlens.dsl.syntax;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random syntax, of any shape that a script can have. */
final class SyntaxTrees {
  private static final Span NOWHERE = new Span(0, 0);
  private static final Arbitrary<String> WORDS =
      Arbitraries.of("x", "delta", "S2", "gpt2-small", "f", "_a1", "L", "été", "by");
  private static final Arbitrary<String> TEXTS =
      Arbitraries.strings()
          .withChars(" aZ0\"\\{}#`'\n\t\r\u0001\u2028\uD83D\uDE00\uD800:.")
          .ofMaxLength(6);

  /** These are words where no list and no text follows, and so no operators of any operands. */
  private static final List<Operator> WORDS_TO_SOME =
      List.of(Operator.CONTAINS, Operator.IN, Operator.MATCHES);

  private static final List<Operator> BINARY =
      List.of(Operator.values()).stream()
          .filter(o -> o != Operator.NOT && o != Operator.NEGATE)
          .filter(o -> !WORDS_TO_SOME.contains(o))
          .toList();

  private SyntaxTrees() {}

  static Arbitrary<Script> scripts() {
    return statements(2).map(all -> new Script(new SourceText("tree", ""), all));
  }

  private static Arbitrary<List<Statement>> statements(int depth) {
    return statement(depth).list().ofMaxSize(3);
  }

  private static Arbitrary<Statement> statement(int depth) {
    List<Arbitrary<? extends Statement>> kinds =
        new ArrayList<>(
            List.of(
                pipeline(),
                Combinators.combine(WORDS, pipeline())
                    .as((name, value) -> new Statement.Let(NOWHERE, NOWHERE, name, value))));
    if (depth == 2) {
      kinds.add(
          Combinators.combine(WORDS, expression(2).injectNull(0.3))
              .as((name, value) -> new Statement.Param(NOWHERE, NOWHERE, name, value)));
      kinds.add(expression(1).map(file -> new Statement.Include(NOWHERE, file)));
    }
    if (depth > 0) {
      kinds.add(
          Combinators.combine(WORDS, expression(1), statements(depth - 1))
              .as((name, in, body) -> new Statement.For(NOWHERE, NOWHERE, name, in, body)));
      Arbitrary<Statement.Pipeline> edit =
          call().map(call -> new Statement.Pipeline(NOWHERE, List.of(call)));
      kinds.add(
          Combinators.combine(edit.list().ofMinSize(1).ofMaxSize(2), statements(depth - 1))
              .as((edits, body) -> new Statement.With(NOWHERE, edits, body)));
    }
    return Arbitraries.of(kinds).flatMap(kind -> kind.map(statement -> statement));
  }

  private static Arbitrary<Statement.Pipeline> pipeline() {
    Arbitrary<Stage> first =
        Arbitraries.oneOf(
            call().map(call -> call), expression(3).map(value -> new Stage.Source(NOWHERE, value)));
    return Combinators.combine(first, call().list().ofMaxSize(2))
        .as(
            (start, rest) -> {
              List<Stage> stages = new ArrayList<>(List.of(start));
              stages.addAll(rest);
              return new Statement.Pipeline(NOWHERE, stages);
            });
  }

  private static Arbitrary<Stage.Call> call() {
    return Combinators.combine(WORDS, expression(2).list().ofMaxSize(4))
        .as((verb, arguments) -> new Stage.Call(NOWHERE, NOWHERE, verb, arguments));
  }

  private static Arbitrary<Expression> expression(int depth) {
    return depth == 0 ? leaf() : Arbitraries.oneOf(leaf(), Arbitraries.lazy(() -> tree(depth - 1)));
  }

  private static Arbitrary<Expression> leaf() {
    return Arbitraries.oneOf(
        Arbitraries.of("0", "17", "0.25", "1e9", "2.5e-7")
            .map(text -> new Expression.NumberLiteral(NOWHERE, text)),
        TEXTS.map(text -> new Expression.Text(NOWHERE, text)),
        Arbitraries.of(true, false).map(value -> new Expression.Truth(NOWHERE, value)),
        WORDS.map(text -> new Expression.Word(NOWHERE, text, false)),
        Arbitraries.of("log odds", "a\"b", "}", "let")
            .map(text -> new Expression.Word(NOWHERE, text, true)),
        Arbitraries.of("last.delta", "a.zl", "ln_final.x")
            .map(text -> new Expression.Dotted(NOWHERE, text)),
        Arbitraries.of("L2", "L2.H1", "L0.F17", "L3.R4", "L2.z", "blocks.1.attn.hook_z")
            .map(text -> new Expression.AddressLiteral(NOWHERE, Address.parse(text))),
        Arbitraries.of("_", "x", "t.delta").map(text -> new Expression.Variable(NOWHERE, text)));
  }

  private static Arbitrary<Expression> tree(int depth) {
    Arbitrary<Expression> part = expression(depth);
    return Arbitraries.oneOf(
        Combinators.combine(Arbitraries.of(BINARY), part, part)
            .as((sign, a, b) -> new Expression.Binary(NOWHERE, sign, a, b)),
        Combinators.combine(Arbitraries.of(Operator.NOT, Operator.NEGATE), part)
            .as((sign, a) -> new Expression.Unary(NOWHERE, sign, a)),
        Combinators.combine(part, part).as((a, b) -> new Expression.Range(NOWHERE, a, b)),
        part.list().ofMaxSize(3).map(all -> new Expression.ListLiteral(NOWHERE, all)),
        Combinators.combine(WORDS, part.list().ofMaxSize(2))
            .as((name, all) -> new Expression.Function(NOWHERE, name, all)),
        interpolated(part).map(string -> string),
        Combinators.combine(
                Arbitraries.oneOf(
                    TEXTS.map(text -> new Expression.Text(NOWHERE, text)),
                    interpolated(part).map(string -> string)),
                Arbitraries.integers().between(1, 9))
            .as((text, number) -> new Expression.Occurrence(NOWHERE, text, number)));
  }

  /** Literals and holes in turn, as a parser cuts them. */
  private static Arbitrary<Expression.Interpolated> interpolated(Arbitrary<Expression> part) {
    Arbitrary<Piece.Hole> holes =
        Combinators.combine(part, Arbitraries.of(".3f", "+.1%", ".2g").injectNull(0.5))
            .as((value, format) -> new Piece.Hole(NOWHERE, value, format));
    return Combinators.combine(TEXTS, holes.list().ofMaxSize(2))
        .as(
            (text, all) -> {
              List<Piece> pieces = new ArrayList<>();
              for (Piece.Hole hole : all) {
                if (!text.isEmpty()) {
                  pieces.add(new Piece.Literal(text));
                }
                pieces.add(hole);
              }
              return new Expression.Interpolated(NOWHERE, pieces);
            });
  }
}
