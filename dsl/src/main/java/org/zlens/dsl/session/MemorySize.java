package org.zlens.dsl.session;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.ParameterType;
import org.zlens.dsl.command.Reading;
import org.zlens.dsl.syntax.Expression;
import org.zlens.engine.plan.Memory;

/** An amount of memory as a setting writes it: {@code 4GB}, {@code 500MB} or {@code quarter}. */
public final class MemorySize implements ParameterType<String> {
  static final String QUARTER = "quarter";

  private static final Pattern AMOUNT = Pattern.compile("([1-9][0-9]{0,5})(MB|GB)");

  MemorySize() {}

  /** The bytes that an amount means on this machine. */
  public static long bytes(String amount) {
    Matcher matcher = AMOUNT.matcher(amount);
    if (!matcher.matches()) {
      return Memory.usual();
    }
    return Long.parseLong(matcher.group(1))
        * (matcher.group(2).equals("GB") ? 1_000_000_000L : 1_000_000L);
  }

  @Override
  public String expected() {
    return "an amount such as 4GB or 500MB, or 'quarter' of the machine's";
  }

  @Override
  public String read(Expression expression, Reading reading) {
    boolean fits =
        expression instanceof Expression.Word word
            && (word.text().equals(QUARTER) || AMOUNT.matcher(word.text()).matches());
    return fits ? ((Expression.Word) expression).text() : null;
  }

  @Override
  public List<Candidate> candidates(Forecast forecast) {
    return List.of(new Candidate(QUARTER, "a quarter of the machine's memory"));
  }
}
