package org.zlens.dsl.session;

import java.util.List;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.ParameterType;
import org.zlens.dsl.command.Reading;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.syntax.Expression;

/** A number of megabytes, or {@code off} for none. */
final class CacheSizeType implements ParameterType<Long> {
  private static final String OFF = "off";
  private static final ParameterType<Long> MEGABYTES = Types.whole(0, 1 << 20);

  @Override
  public String expected() {
    return "a number of megabytes, or 'off'";
  }

  @Override
  public Long read(Expression expression, Reading reading) {
    boolean off = expression instanceof Expression.Word word && word.text().equals(OFF);
    return off ? Long.valueOf(0) : MEGABYTES.read(expression, reading);
  }

  @Override
  public List<Candidate> candidates(Forecast forecast) {
    return List.of(new Candidate(OFF, "keeps nothing"));
  }
}
