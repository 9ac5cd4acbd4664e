package org.zlens.dsl.session;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Operator;
import org.zlens.dsl.syntax.Span;
import org.zlens.engine.ZlensException.Kind;

/** Whether a text has a part, or a part of a form. */
final class TextComparison {
  private static final int LONGEST_PATTERN = 10_000;

  private TextComparison() {}

  static boolean holds(Expression.Binary binary, Value left, Value right) {
    String wantedBy = "'" + binary.operator().sign() + "'";
    String text = text(left, binary.left().span(), wantedBy);
    String part = text(right, binary.right().span(), wantedBy);
    return binary.operator() == Operator.CONTAINS
        ? text.contains(part)
        : matches(text, part, binary.right().span());
  }

  /** Whether a regular expression, in RE2's syntax, is found in a text. */
  static boolean matches(String text, String pattern, Span span) {
    if (pattern.length() > LONGEST_PATTERN) {
      throw new Fault(
          Kind.TYPE, span, "a pattern has at most " + LONGEST_PATTERN + " characters", null);
    }
    try {
      // RE2 takes time in proportion to the text, whatever the pattern.
      return Pattern.compile(pattern).matcher(text).find();
    } catch (PatternSyntaxException e) {
      throw new Fault(
          Kind.TYPE,
          span,
          "no pattern can be read here: " + e.getDescription(),
          "it is a regular expression, such as \"^ [A-Z]\"; 'contains' takes plain text");
    }
  }

  /** A text or an address as text. */
  static String text(Value value, Span span, String wantedBy) {
    if (!Comparison.isText(value)) {
      throw new Fault(
          Kind.TYPE, span, wantedBy + " takes texts, found " + value.kind().phrase(), null);
    }
    return value.toString();
  }
}
