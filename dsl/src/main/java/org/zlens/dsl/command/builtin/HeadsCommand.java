package org.zlens.dsl.command.builtin;

import java.util.List;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.attribute.HeadAttribution;
import org.zlens.engine.model.ModelConfig;

/** {@code heads}: which heads write a feature, or which features a head writes. */
public final class HeadsCommand implements Command {
  private static final Parameter<Address.Feature> FEATURE =
      Parameter.of("feature", Types.FEATURE, "the feature whose heads are asked for").optional();

  private static final Parameter<Address.Head> HEAD =
      Parameter.of("head", Types.HEAD, "the head whose features are asked for").optional();

  private static final Parameter<Integer> TOP =
      Parameter.after("top", "count", Types.count(), "so many rows; of a head, 10 without it")
          .optional();

  private static final int FEATURES_OF_A_HEAD = 10;

  private static final Signature SIGNATURE =
      Signature.verb("heads", Group.LOOK, "say which heads write a feature, from the weights alone")
          .details(
              """
              The share of a head is the norm of its slice of the feature's decoder direction over \
              the sum of the norms of all slices, so the shares of a feature sum to 1. Of a head, \
              the features with its largest shares are listed.""")
          .oneOf(FEATURE, HEAD)
          .parameters(TOP)
          .result(ValueKind.TABLE)
          .pure()
          .example("model sprig\nheads L2.F17", "the shares of all heads in one feature")
          .example("model sprig\nheads L2.H3 top 5", "the five features that are most of one head")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireSaes(forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    ModelConfig config = bench.model().config();
    if (arguments.has(FEATURE)) {
      Address.Feature feature = arguments.get(FEATURE);
      List<HeadAttribution.Share> shares =
          HeadAttribution.of(bench.saes().attention(feature.in()), config, feature.index());
      int top = arguments.find(TOP).orElse(shares.size());
      return table("heads of " + feature.text(), shares, top);
    }
    Address.Head head = arguments.get(HEAD);
    int top = arguments.find(TOP).orElse(FEATURES_OF_A_HEAD);
    return table(
        "features of " + head.text(),
        HeadAttribution.top(bench.saes().attention(head.in()), config, head.index(), top),
        top);
  }

  private static Value table(String title, List<HeadAttribution.Share> shares, int top) {
    Rows rows = new Rows(title);
    shares.stream()
        .limit(top)
        .forEach(
            one ->
                rows.text("head", "L" + one.layer() + ".H" + one.head())
                    .text("feature", "L" + one.layer() + ".F" + one.feature())
                    .number("share", one.share(), ""));
    return rows.table();
  }
}
