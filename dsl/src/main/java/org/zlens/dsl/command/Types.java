package org.zlens.dsl.command;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.PromptSetValue;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Operator;

/** The parameter types that commands choose from. */
public final class Types {
  /** {@code L5}. */
  public static final ParameterType<Address.Layer> LAYER =
      new AddressType<>(
          "a layer such as L2",
          ArgumentForm.LAYER,
          Address.Layer.class,
          List.of(Address.Layer.class));

  /** {@code L5.H1}. */
  public static final ParameterType<Address.Head> HEAD =
      new AddressType<>(
          "a head such as L2.H5",
          ArgumentForm.HEAD,
          Address.Head.class,
          List.of(Address.Head.class));

  /** {@code L5.F44256}, a feature of an attention-output SAE. */
  public static final ParameterType<Address.Feature> FEATURE =
      new AddressType<>(
          "a feature such as L2.F417",
          ArgumentForm.FEATURE,
          Address.Feature.class,
          List.of(Address.Feature.class));

  /** {@code L9.R16927}, a feature of a residual SAE. */
  public static final ParameterType<Address.ResidualFeature> RESIDUAL_FEATURE =
      new AddressType<>(
          "a residual feature such as L3.R1022",
          ArgumentForm.RESIDUAL_FEATURE,
          Address.ResidualFeature.class,
          List.of(Address.ResidualFeature.class));

  /** A feature of either kind of SAE. */
  public static final ParameterType<Address> ANY_FEATURE =
      new AddressType<>(
          "a feature such as L2.F417 or L3.R1022",
          ArgumentForm.ANY_FEATURE,
          Address.class,
          List.of(Address.Feature.class, Address.ResidualFeature.class));

  /** A feature of either kind of SAE, or a head. */
  public static final ParameterType<Address> EXPLAINED =
      new AddressType<>(
          "a feature or head such as L2.F417, L3.R1022 or L2.H5",
          ArgumentForm.ADDRESS,
          Address.class,
          List.of(Address.Feature.class, Address.ResidualFeature.class, Address.Head.class));

  /** Whatever has a page of features: a feature, a head or a whole layer. */
  public static final ParameterType<Address> SHOWN =
      new AddressType<>(
          "a feature, head or layer such as L2.F417, L3.R1022, L2.H5 or L2",
          ArgumentForm.ADDRESS,
          Address.class,
          List.of(
              Address.Feature.class,
              Address.ResidualFeature.class,
              Address.Head.class,
              Address.Layer.class));

  /** A hook site by its short or its full name. */
  public static final ParameterType<Address.Site> SITE =
      new AddressType<>(
          "a site such as L2.z or blocks.2.attn.hook_z",
          ArgumentForm.SITE,
          Address.Site.class,
          List.of(Address.Site.class));

  /** A hook site, or that of one head. */
  public static final ParameterType<Address> SITE_OF_ALL_OR_ONE =
      new AddressType<>(
          "a site such as L2.mlp_out or L2.H3.v",
          ArgumentForm.ADDRESS,
          Address.class,
          List.of(Address.Site.class, Address.HeadSite.class));

  /** A site of one head. */
  public static final ParameterType<Address.HeadSite> HEAD_SITE =
      new AddressType<>(
          "a site of a head such as L3.H5.v",
          ArgumentForm.ADDRESS,
          Address.HeadSite.class,
          List.of(Address.HeadSite.class));

  /** Whatever can be changed while the model runs. */
  public static final ParameterType<Address> TARGET =
      new AddressType<>(
          "something to change such as L2.F417, L2.error, L2.H3, L2.H3.v or L2.mlp_out",
          ArgumentForm.ADDRESS,
          Address.class,
          List.of(
              Address.Feature.class,
              Address.ResidualFeature.class,
              Address.ErrorTerm.class,
              Address.Head.class,
              Address.HeadSite.class,
              Address.Site.class));

  /** A whole layer or a hook site. */
  public static final ParameterType<Address> LAYER_OR_SITE =
      new AddressType<>(
          "a layer such as L2 or a site such as L2.mlp_out",
          ArgumentForm.ADDRESS,
          Address.class,
          List.of(Address.Layer.class, Address.Site.class));

  /** Any address. */
  public static final ParameterType<Address> ADDRESS =
      new AddressType<>(
          "an address such as L2, L2.H5, L2.F417 or L2.z",
          ArgumentForm.ADDRESS,
          Address.class,
          List.of(
              Address.Layer.class,
              Address.Head.class,
              Address.Feature.class,
              Address.ResidualFeature.class,
              Address.Site.class));

  /** {@code S2}, {@code END-1}, {@code " Bob"#2}, {@code 7}, {@code ALL}. */
  public static final ParameterType<Position> POSITION = new PositionType();

  /** A number. */
  public static final ParameterType<Double> NUMBER =
      of(
          ArgumentForm.NUMBER,
          "a number",
          List.of(ValueKind.NUMBER),
          (e, reading) -> reading.value(e) instanceof NumberValue number ? number.value() : null);

  /** A text in quotes, or a variable that holds one. */
  public static final ParameterType<String> STRING =
      of(
          ArgumentForm.TEXT,
          "a text in double quotes",
          List.of(ValueKind.TEXT),
          (e, reading) -> reading.value(e) instanceof TextValue text ? text.text() : null);

  /** A name as it stands, or in quotes: {@code gpt2-small}, {@code `log odds`}. */
  public static final ParameterType<String> NAME =
      of(ArgumentForm.TEXT, "a name", List.of(ValueKind.TEXT), Types::name);

  /** A path, in quotes if it has anything but letters, digits, dots and hyphens. */
  public static final ParameterType<String> PATH =
      of(ArgumentForm.TEXT, "a path in double quotes", List.of(ValueKind.TEXT), Types::name);

  /** A plain word that becomes a label or a variable: {@code S2}. */
  public static final ParameterType<String> LABEL =
      of(
          ArgumentForm.LABEL,
          "a label such as S2",
          List.of(),
          (e, reading) -> e instanceof Expression.Word word ? word.text() : null);

  /** Any expression, not evaluated: the command gives its words a meaning. */
  public static final ParameterType<Expression> EXPRESSION = expression("an expression");

  /** Any value. */
  public static final ParameterType<Value> VALUE =
      of(
          ArgumentForm.VALUE,
          "a value",
          List.of(ValueKind.values()),
          (e, reading) -> reading.value(e));

  /** A variable that holds prompts. */
  public static final ParameterType<Value> PROMPTS =
      of(
          ArgumentForm.VALUE,
          "prompts that a variable holds",
          List.of(ValueKind.PROMPTS),
          (e, reading) ->
              reading.value(e) instanceof PromptSetValue prompts ? (Value) prompts : null);

  /** A variable that holds a table or something that has one. */
  public static final ParameterType<NamedTable> TABLE =
      of(
          ArgumentForm.VALUE,
          "a table",
          List.of(
              ValueKind.TABLE,
              ValueKind.TREE,
              ValueKind.GRAPH,
              ValueKind.PROMPTS,
              ValueKind.TENSOR),
          Types::table);

  /** A statement that is told about; the binder puts it there, no expression has its form. */
  public static final ParameterType<BoundStatement.Pipeline> STATEMENT =
      of(ArgumentForm.LANGUAGE, "a statement", List.of(), (e, reading) -> null);

  /** {@code S2 = " Bob"#2}. */
  public static final ParameterType<Marking> MARKING =
      of(
          ArgumentForm.LANGUAGE,
          "a label, '=' and a place, as in S2 = \" Bob\"#2",
          List.of(),
          Types::marking);

  /** {@code n = 100}: a parameter of a script and its value, not evaluated. */
  public static final ParameterType<Assignment> ASSIGNMENT =
      of(
          ArgumentForm.LANGUAGE,
          "a name, '=' and a value, as in n = 100",
          List.of(),
          (e, reading) -> assignment(e));

  private static final List<String> PLACES = List.of("END", "ALL");

  private Types() {}

  /** A label and the place that it shall name. */
  public record Marking(String label, Position place) {}

  /**
   * A table.
   *
   * @param name of the variable that holds it, or null
   */
  public record NamedTable(String name, TableValue table) {}

  /** A whole number within bounds, both included. */
  public static WholeNumberType whole(long least, long most) {
    return new WholeNumberType(least, most);
  }

  /** A whole number within bounds that an int has, both included. */
  public static ParameterType<Integer> wholeInt(int least, int most) {
    WholeNumberType type = new WholeNumberType(least, most);
    return of(ArgumentForm.NUMBER, type.expected(), List.of(ValueKind.NUMBER), type::asInt);
  }

  /** A whole number from 1 up, small enough for an int. */
  public static ParameterType<Integer> count() {
    WholeNumberType type = new WholeNumberType(1, Integer.MAX_VALUE);
    return of(ArgumentForm.NUMBER, type.expected(), List.of(ValueKind.NUMBER), type::asInt);
  }

  /** A whole number from 0 up, small enough for an int. */
  public static ParameterType<Integer> index() {
    WholeNumberType type = new WholeNumberType(0, Integer.MAX_VALUE);
    return of(ArgumentForm.NUMBER, type.expected(), List.of(ValueKind.NUMBER), type::asInt);
  }

  /** A number above zero. */
  public static ParameterType<Double> positive() {
    return of(
        ArgumentForm.NUMBER,
        "a number above 0",
        List.of(ValueKind.NUMBER),
        (e, reading) -> {
          Double number = NUMBER.read(e, reading);
          if (number != null && !(number > 0 && number < Double.POSITIVE_INFINITY)) {
            throw reading.fault(
                e, "expected a number above 0, found " + NumberValue.format(number), null);
          }
          return number;
        });
  }

  /**
   * Any expression over columns, not evaluated.
   *
   * @param words what the command understands beside or after expressions, for completion
   */
  public static ParameterType<Expression> expression(String expected, String... words) {
    return new ParameterType<>() {
      @Override
      public String expected() {
        return expected;
      }

      @Override
      public Expression read(Expression e, Reading reading) {
        return e;
      }

      @Override
      public boolean isOverColumns() {
        return true;
      }

      @Override
      public List<Candidate> candidates(Forecast forecast) {
        return Stream.of(words).map(word -> new Candidate(word, "")).toList();
      }
    };
  }

  /** One of some words. */
  public static ParameterType<String> choice(String... words) {
    List<String> all = List.of(words);
    return new ParameterType<>() {
      @Override
      public String expected() {
        return all.stream().map(w -> "'" + w + "'").collect(Collectors.joining(" or "));
      }

      @Override
      public String read(Expression e, Reading reading) {
        String word = name(e, reading);
        return word != null && all.contains(word) ? word : null;
      }

      @Override
      public ArgumentForm form() {
        return ArgumentForm.TEXT;
      }

      @Override
      public List<Candidate> candidates(Forecast forecast) {
        return all.stream().map(w -> new Candidate(w, "")).toList();
      }
    };
  }

  /** {@code [5, 17, 3]}: whole numbers in a list. */
  public static ParameterType<List<Integer>> indices() {
    return listOf(index(), "a list of whole numbers such as [5, 17, 3]");
  }

  /** One, a list of some in brackets, or for layers and numbers a range. */
  public static <T> ParameterType<List<T>> listOf(ParameterType<T> type) {
    return listOf(type, type.expected() + ", or a list of such");
  }

  private static <T> ParameterType<List<T>> listOf(ParameterType<T> type, String expected) {
    return new ListType<>(type, expected);
  }

  private static String name(Expression e, Reading reading) {
    if (e instanceof Expression.Word word) {
      return word.text();
    } else if (e instanceof Expression.Dotted dotted) {
      return dotted.text();
    } else if (e instanceof Expression.AddressLiteral literal) {
      return literal.address().text();
    }
    return STRING.read(e, reading);
  }

  private static Assignment assignment(Expression e) {
    return e instanceof Expression.Binary equation
            && equation.operator() == Operator.EQUAL
            && equation.left() instanceof Expression.Word name
        ? new Assignment(e.span(), name.text(), equation.right())
        : null;
  }

  private static NamedTable table(Expression e, Reading reading) {
    Value value = reading.value(e);
    TableValue table = value == null ? null : Cells.tableOf(value);
    if (table == null) {
      return null;
    }
    String name =
        e instanceof Expression.Word word
            ? word.text()
            : e instanceof Expression.Variable variable ? variable.text() : null;
    return new NamedTable("_".equals(name) ? null : name, table);
  }

  private static Marking marking(Expression e, Reading reading) {
    if (!(e instanceof Expression.Binary equation
        && equation.operator() == Operator.EQUAL
        && equation.left() instanceof Expression.Word label)) {
      return null;
    }
    if (PLACES.contains(label.text())) {
      throw reading.fault(label, "'" + label.text() + "' has its meaning already", null);
    }
    Position place = POSITION.read(equation.right(), reading);
    return place == null ? null : new Marking(label.text(), place);
  }

  private static <T> ParameterType<T> of(
      ArgumentForm form,
      String expected,
      List<ValueKind> kinds,
      BiFunction<Expression, Reading, T> read) {
    return new ParameterType<>() {
      @Override
      public String expected() {
        return expected;
      }

      @Override
      public T read(Expression e, Reading reading) {
        return read.apply(e, reading);
      }

      @Override
      public ArgumentForm form() {
        return form;
      }

      @Override
      public boolean accepts(ValueKind kind) {
        return kind == ValueKind.ANY || kinds.contains(kind);
      }
    };
  }
}
