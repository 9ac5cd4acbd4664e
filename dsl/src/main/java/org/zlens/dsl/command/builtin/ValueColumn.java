package org.zlens.dsl.command.builtin;

import java.util.List;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.session.AddressValue;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.TruthValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Span;
import org.zlens.engine.ZlensException.Kind;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.columns.Column;

/** Makes a column of the values of an expression. */
final class ValueColumn {
  private ValueColumn() {}

  /** The column; a {@link Fault} if the values are of several kinds or of none that a cell has. */
  static Column<?> of(String name, List<Value> values, Span span) {
    ValueKind kind = ValueKind.NOTHING;
    for (Value value : values) {
      ValueKind own = value instanceof AddressValue ? ValueKind.TEXT : value.kind();
      if (kind != ValueKind.NOTHING && own != ValueKind.NOTHING && own != kind) {
        throw new Fault(
            Kind.TYPE,
            span,
            "this gives " + kind.phrase() + " in one row and " + own.phrase() + " in another",
            null);
      }
      kind = own == ValueKind.NOTHING ? kind : own;
    }
    return switch (kind) {
      case NUMBER, NOTHING -> numbers(name, values);
      case TEXT -> texts(name, values);
      case TRUTH -> truths(name, values);
      default ->
          throw new Fault(
              Kind.TYPE, span, "a cell holds one number or text, not " + kind.phrase(), null);
    };
  }

  private static Column<?> numbers(String name, List<Value> values) {
    DoubleColumn column = DoubleColumn.create(name);
    values.forEach(
        value -> column.append(value instanceof NumberValue number ? number.value() : Double.NaN));
    return column;
  }

  private static Column<?> texts(String name, List<Value> values) {
    StringColumn column = StringColumn.create(name);
    for (Value value : values) {
      if (value == NothingValue.NOTHING) {
        column.appendMissing();
      } else {
        column.append(value instanceof TextValue text ? text.text() : value.toString());
      }
    }
    return column;
  }

  private static Column<?> truths(String name, List<Value> values) {
    BooleanColumn column = BooleanColumn.create(name);
    for (Value value : values) {
      if (value instanceof TruthValue truth) {
        column.append(truth.value());
      } else {
        column.appendMissing();
      }
    }
    return column;
  }
}
