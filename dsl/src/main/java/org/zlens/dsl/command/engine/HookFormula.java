package org.zlens.dsl.command.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.zlens.dsl.command.Reading;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.AddressValue;
import org.zlens.dsl.session.ListValue;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.Address;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Operator;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.runtime.Tensor;

/**
 * What the values {@code x} of a site become: arithmetic over them, numbers, feature directions and
 * their mean, as a script writes it.
 */
public final class HookFormula {
  private static final String USAGE =
      "x * 0.5, x + 4 * L2.F417, mean, or x - dot(x, L2.F417) * L2.F417";

  /** What the names of functions of Kotlin scripts begin with. */
  public static final String FOREIGN = "kotlin_";

  private static final Map<String, UnaryOperator<Tensor>> FUNCTIONS =
      Map.of(
          "abs", Tensor::abs,
          "norm", x -> x.mul(x).sum(-1L).sqrt().unsqueeze(-1),
          "relu", Tensor::relu);

  private final String text;
  private final Part root;
  private final boolean mean;
  private final List<Address> directions;
  private final List<String> foreign;

  private HookFormula(
      String text, Part root, boolean mean, List<Address> directions, List<String> foreign) {
    this.text = text;
    this.root = root;
    this.mean = mean;
    this.directions = List.copyOf(directions);
    this.foreign = List.copyOf(foreign);
  }

  /**
   * What a formula is worked out of at some places.
   *
   * @param x the values there
   * @param mean their clean mean over all prompts and positions; null where it is not asked for
   * @param directions vectors of features, as wide as the values
   * @param foreign functions of other languages by name
   */
  public record Given(
      Tensor x,
      Tensor mean,
      Map<Address, Tensor> directions,
      Map<String, UnaryOperator<Tensor>> foreign) {}

  /** One part of a formula. */
  @FunctionalInterface
  private interface Part {
    Tensor of(Given given);
  }

  /**
   * Reads a formula.
   *
   * @throws Fault that points at the part that is none
   */
  public static HookFormula of(Expression e, Reading reading) {
    Reader reader = new Reader(reading);
    Part root = reader.part(e);
    return new HookFormula(Printer.print(e), root, reader.mean, reader.directions, reader.foreign);
  }

  /** How a script writes it. */
  public String text() {
    return text;
  }

  /** The features whose directions it uses. */
  public List<Address> directions() {
    return directions;
  }

  /** The functions of other languages that it uses. */
  public List<String> foreign() {
    return foreign;
  }

  /** Whether it uses the mean. */
  public boolean needsMean() {
    return mean;
  }

  /** New values, of the shape of the old ones. */
  public Tensor apply(Given given) {
    // A number or a direction alone stands for all places.
    Tensor values = root.of(given);
    return values.rank() < given.x().rank() ? values.expand(given.x().shape()) : values;
  }

  private static final class Reader {
    private final Reading reading;
    private final List<Address> directions = new ArrayList<>();
    private final List<String> foreign = new ArrayList<>();
    private boolean mean;

    private Reader(Reading reading) {
      this.reading = reading;
    }

    private Part part(Expression e) {
      if (e instanceof Expression.Word word && word.text().equals("x")) {
        return Given::x;
      }
      if (e instanceof Expression.Word word && word.text().equals("mean")) {
        mean = true;
        return Given::mean;
      }
      if (e instanceof Expression.Unary unary && unary.operator() == Operator.NEGATE) {
        Part of = part(unary.operand());
        return given -> of.of(given).mul(-1);
      }
      if (e instanceof Expression.Binary binary) {
        return binary(binary);
      }
      if (e instanceof Expression.Function function) {
        return function(function);
      }
      return constant(e);
    }

    private Part binary(Expression.Binary binary) {
      BinaryOperator<Tensor> operation =
          switch (binary.operator()) {
            case PLUS -> Tensor::add;
            case MINUS -> Tensor::sub;
            case TIMES -> Tensor::mul;
            case DIVIDED_BY -> Tensor::div;
            default -> throw wrong(binary);
          };
      Part left = part(binary.left());
      Part right = part(binary.right());
      return given -> operation.apply(left.of(given), right.of(given));
    }

    private Part function(Expression.Function function) {
      List<Part> operands = function.operands().stream().map(this::part).toList();
      if (function.name().equals("dot") && operands.size() == 2) {
        return given ->
            operands.get(0).of(given).mul(operands.get(1).of(given)).sum(-1L).unsqueeze(-1);
      }
      UnaryOperator<Tensor> one = FUNCTIONS.get(function.name());
      if (one != null && operands.size() == 1) {
        return given -> one.apply(operands.get(0).of(given));
      }
      if (function.name().startsWith(FOREIGN) && operands.size() == 1) {
        foreign.add(function.name());
        return given ->
            sameShape(
                function.name(),
                operands.get(0).of(given).copy(),
                given.foreign().get(function.name()));
      }
      boolean named = one != null || function.name().equals("dot");
      throw new Fault(
          Kind.NAME,
          function.span(),
          named
              ? "'" + function.name() + "' takes " + (one != null ? "one value" : "two values")
              : "no function " + Quoted.of(function.name()) + " of a site's values",
          named
              ? null
              : Suggestion.didYouMean(
                  function.name(),
                  List.of("abs", "dot", "norm", "relu"),
                  "there are abs, dot, norm and relu"));
    }

    /** A function that is not ours is not let off with a shape that happens to spread. */
    private static Tensor sameShape(String name, Tensor values, UnaryOperator<Tensor> function) {
      long[] shape = values.shape();
      Tensor made = function.apply(values);
      if (!Arrays.equals(shape, made.shape())) {
        throw new ZlensException(
            Kind.TYPE,
            name
                + " gave values of shape "
                + Arrays.toString(made.shape())
                + " where "
                + Arrays.toString(shape)
                + " is expected",
            null);
      }
      return made;
    }

    private Part constant(Expression e) {
      Value value =
          e instanceof Expression.AddressLiteral literal
              ? new AddressValue(literal.address())
              : reading.value(e);
      if (value instanceof ListValue list && list.column() != null && list.values().size() == 1) {
        value = list.values().get(0);
      }
      if (value instanceof NumberValue number) {
        Double held = number.value();
        return given -> Tensor.scalar(held);
      }
      Address address =
          value instanceof AddressValue held
              ? held.address()
              : value instanceof TextValue text ? parsed(text.text()) : null;
      if (address instanceof Address.Feature || address instanceof Address.ResidualFeature) {
        directions.add(address);
        return given -> given.directions().get(address);
      }
      throw wrong(e);
    }

    private static Address parsed(String text) {
      try {
        return Address.parse(text);
      } catch (NumberFormatException tooLarge) {
        return null;
      }
    }

    private static Fault wrong(Expression e) {
      return new Fault(
          Kind.TYPE,
          e.span(),
          "expected x, mean, a number or a feature, found " + Quoted.of(Printer.print(e)),
          USAGE);
    }
  }
}
