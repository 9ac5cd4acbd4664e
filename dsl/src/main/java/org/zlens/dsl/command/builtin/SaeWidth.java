package org.zlens.dsl.command.builtin;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.zlens.dsl.command.ParameterType;
import org.zlens.dsl.command.Reading;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;

/**
 * A number of features: {@code 24576}, or {@code 32x}, so many times the width of the vectors.
 *
 * @param number what was written
 * @param times whether it is a multiple
 */
record SaeWidth(int number, boolean times) {
  private static final Pattern MULTIPLE = Pattern.compile("([1-9][0-9]{0,3})x");
  private static final int MOST = 1 << 24;

  /** The number of features for vectors of a width. */
  long of(int inputs) {
    return times ? (long) number * inputs : number;
  }

  @Override
  public String toString() {
    return number + (times ? "x" : "");
  }

  /** Reads either form. */
  static final ParameterType<SaeWidth> TYPE =
      new ParameterType<>() {
        @Override
        public String expected() {
          return "a number of features such as 512, or a multiple such as 32x";
        }

        @Override
        public SaeWidth read(Expression e, Reading reading) {
          if (e instanceof Expression.Word word) {
            Matcher multiple = MULTIPLE.matcher(word.text());
            if (multiple.matches()) {
              return new SaeWidth(Integer.parseInt(multiple.group(1)), true);
            }
          }
          Long number = Types.whole(1, MOST).read(e, reading);
          return number == null ? null : new SaeWidth(number.intValue(), false);
        }

        @Override
        public boolean accepts(ValueKind kind) {
          return kind == ValueKind.NUMBER || kind == ValueKind.ANY;
        }
      };
}
