package org.zlens.dsl.command.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.zlens.dsl.command.Position;
import org.zlens.dsl.command.Reading;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Operator;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.AnswerPair;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.intervene.Formula;
import org.zlens.engine.intervene.Formula.Operation;
import org.zlens.engine.intervene.Formula.Quantity;
import org.zlens.engine.tokenizer.Tokenizer;

/**
 * A metric that a script spells out, such as {@code logit(" Ann") - logit(" Bob", S2)}.
 *
 * @param text as a script writes it
 * @param unit of its values: that of its parts where all have the same, else none
 */
public record MetricFormula(String text, String unit, boolean needsAnswer, Part root) {
  /** What may be read of a token, by the name that a script writes. */
  public static final Map<String, Quantity> QUANTITIES = quantities();

  private static final String ANSWER = "answer";
  private static final String OVER = "over";
  private static final String USAGE =
      "write logit(\" Ann\"), logit(answer), or logit(\" Ann\", S2) for another place than END";

  /** Part of a formula, before prompts are there. */
  private sealed interface Part {}

  private record Number(double value) implements Part {}

  private record Predicted(Quantity quantity, String token, boolean named, Position at)
      implements Part {}

  private record Opposite(Part of) implements Part {}

  private record Pair(Operation operation, Part left, Part right) implements Part {}

  private static Map<String, Quantity> quantities() {
    Map<String, Quantity> all = new TreeMap<>();
    for (Quantity quantity : Quantity.values()) {
      all.put(quantity.name().toLowerCase(Locale.ROOT).replace('_', '-'), quantity);
    }
    return all;
  }

  /** Whether an expression has the form of a formula, right or wrong. */
  public static boolean looksLike(Expression e) {
    return e instanceof Expression.Function
        || e instanceof Expression.Unary
        || e instanceof Expression.Binary;
  }

  /** Reads a formula. Throws {@link Fault} that points at the part that is none. */
  public static MetricFormula of(Expression e, Reading reading) {
    Part root = part(e, reading);
    if (!reads(root)) {
      throw new Fault(Kind.TYPE, e.span(), "a metric reads something of what is predicted", USAGE);
    }
    return new MetricFormula(Printer.print(e), unit(root), needsAnswer(root), root);
  }

  private static Part part(Expression e, Reading reading) {
    if (e instanceof Expression.Function function) {
      return predicted(function, reading);
    }
    if (e instanceof Expression.Unary unary && unary.operator() == Operator.NEGATE) {
      return new Opposite(part(unary.operand(), reading));
    }
    if (e instanceof Expression.Binary binary) {
      Operation operation =
          switch (binary.operator()) {
            case PLUS -> Operation.PLUS;
            case MINUS -> Operation.MINUS;
            case TIMES -> Operation.TIMES;
            case DIVIDED_BY -> Operation.OVER;
            default -> throw wrong(e);
          };
      return new Pair(operation, part(binary.left(), reading), part(binary.right(), reading));
    }
    if (reading.value(e) instanceof NumberValue number) {
      return new Number(number.value());
    }
    throw wrong(e);
  }

  private static Fault wrong(Expression e) {
    return new Fault(
        Kind.TYPE,
        e.span(),
        "expected a number or what is predicted for a token, found " + Quoted.of(Printer.print(e)),
        USAGE);
  }

  private static Part predicted(Expression.Function function, Reading reading) {
    Quantity quantity = QUANTITIES.get(function.name());
    if (quantity == null) {
      throw new Fault(
          Kind.NAME,
          function.span(),
          "no " + Quoted.of(function.name()) + " can be read of a token",
          Suggestion.didYouMean(
              function.name(),
              QUANTITIES.keySet(),
              "there are " + String.join(", ", QUANTITIES.keySet())));
    }
    List<Expression> operands = function.operands();
    if (operands.isEmpty() || operands.size() > 2) {
      throw new Fault(Kind.TYPE, function.span(), "expected a token and perhaps a position", USAGE);
    }
    Position at = operands.size() == 1 ? null : place(operands.get(1), reading);
    Expression token = operands.get(0);
    if (token instanceof Expression.Word word
        && (word.text().equals(ANSWER) || word.text().equals(OVER))) {
      return new Predicted(quantity, word.text(), true, at);
    }
    Value value = reading.value(token);
    if (value instanceof TextValue text) {
      return new Predicted(quantity, text.text(), false, at);
    }
    throw new Fault(
        Kind.TYPE,
        token.span(),
        "expected a token, found " + Quoted.of(Printer.print(token)),
        USAGE);
  }

  private static Position place(Expression e, Reading reading) {
    Position at = Types.POSITION.read(e, reading);
    if (at == null || at instanceof Position.All) {
      throw new Fault(
          Kind.TYPE,
          e.span(),
          "expected one position, found " + Quoted.of(Printer.print(e)),
          USAGE);
    }
    return at;
  }

  private static boolean reads(Part part) {
    return part instanceof Predicted
        || part instanceof Opposite opposite && reads(opposite.of)
        || part instanceof Pair pair && (reads(pair.left) || reads(pair.right));
  }

  private static boolean needsAnswer(Part part) {
    return part instanceof Predicted predicted && predicted.named
        || part instanceof Opposite opposite && needsAnswer(opposite.of)
        || part instanceof Pair pair && (needsAnswer(pair.left) || needsAnswer(pair.right));
  }

  /** The unit of a part, or an empty text. */
  private static String unit(Part part) {
    if (part instanceof Predicted predicted) {
      return switch (predicted.quantity) {
        case LOGIT -> "logits";
        case LOG_PROBABILITY -> "nats";
        case PROBABILITY -> "";
      };
    }
    if (part instanceof Opposite opposite) {
      return unit(opposite.of);
    }
    if (!(part instanceof Pair pair)) {
      return "";
    }
    String left = unit(pair.left);
    String right = unit(pair.right);
    if (!reads(pair.right)) {
      return left;
    }
    boolean number = !reads(pair.left);
    return switch (pair.operation) {
      case PLUS, MINUS -> number || left.equals(right) ? right : "";
      case TIMES -> number ? right : "";
      case OVER -> "";
    };
  }

  /**
   * The formula on some prompts.
   *
   * @param usual position of each prompt where the formula names none
   * @throws org.zlens.engine.ZlensException that names the prompt that lacks an answer or a place,
   *     or the text that is no single token
   */
  Formula on(PromptSet prompts, int[] usual, Supplier<Tokenizer> tokenizer) {
    return formula(root, prompts, usual, tokenizer);
  }

  private static Formula formula(
      Part part, PromptSet prompts, int[] usual, Supplier<Tokenizer> tokenizer) {
    if (part instanceof Number number) {
      return new Formula.Constant(number.value);
    }
    if (part instanceof Opposite opposite) {
      return new Formula.Negative(formula(opposite.of, prompts, usual, tokenizer));
    }
    if (part instanceof Pair pair) {
      return new Formula.Joined(
          pair.operation,
          formula(pair.left, prompts, usual, tokenizer),
          formula(pair.right, prompts, usual, tokenizer));
    }
    Predicted predicted = (Predicted) part;
    int[] at = predicted.at == null ? usual : Places.of(prompts, List.of(predicted.at)).single();
    return new Formula.Read(predicted.quantity, at, tokens(predicted, prompts, tokenizer));
  }

  private static long[] tokens(
      Predicted predicted, PromptSet prompts, Supplier<Tokenizer> tokenizer) {
    if (predicted.named) {
      return prompts.answers().stream()
          .mapToLong(predicted.token.equals(ANSWER) ? AnswerPair::answerId : AnswerPair::overId)
          .toArray();
    }
    long[] ids = new long[prompts.size()];
    Arrays.fill(ids, tokenizer.get().singleId(predicted.token));
    return ids;
  }
}
