package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.measure.ClopperPearson;

/** {@code interval}: between which shares the true one lies. */
public final class IntervalCommand implements Command {
  private static final Parameter<Long> SUCCESSES =
      Parameter.of("successes", Types.whole(0, Long.MAX_VALUE), "how many did");

  private static final Parameter<Long> TRIALS =
      Parameter.after("of", "trials", Types.whole(1, Long.MAX_VALUE), "of how many");

  private static final Parameter<Double> ALPHA =
      Parameter.after(
              "alpha", "level", Types.positive(), "share of samples that the interval may miss in")
          .orElse(0.05);

  private static final Signature SIGNATURE =
      Signature.verb("interval", Group.MEASURE, "bound a share from counts, after Clopper, Pearson")
          .details(
              """
              The exact interval: whatever the true share is, at most 'alpha' of all samples give \
              an interval that misses it. The paper's text says 0.025; its Table 2 is that of 0.05, \
              the default here.""")
          .parameters(SUCCESSES, TRIALS, ALPHA)
          .result(ValueKind.TABLE)
          .example("interval 24 of 30", "the paper's layer 5: 80 % of 30 features, 61.4 to 92.3 %")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    long successes = arguments.get(SUCCESSES);
    long trials = arguments.get(TRIALS);
    double alpha = arguments.get(ALPHA);
    ClopperPearson interval = ClopperPearson.of(successes, trials, alpha);
    return new Rows("share of " + trials)
        .number("share", 100.0 * successes / trials, "%")
        .number("lower", 100 * interval.lower(), "%")
        .number("upper", 100 * interval.upper(), "%")
        .note("exact interval, alpha " + alpha)
        .table();
  }
}
