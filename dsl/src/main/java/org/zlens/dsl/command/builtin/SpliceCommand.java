package org.zlens.dsl.command.builtin;

import java.util.List;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Splice;
import org.zlens.engine.intervene.Where;

/**
 * {@code splice}: the model with SAEs' reconstructions in the place of the values at their sites.
 */
public final class SpliceCommand implements MeasuredEdit {
  private static final Parameter<List<Address.Layer>> LAYERS =
      Parameter.of("layer", Types.listOf(Types.LAYER), "the layer of the SAE, or some layers");

  private static final Parameter<String> WITH =
      Parameter.after(
              "with", "error", Types.choice("error"), "keeps the error terms: nothing is lost")
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("splice", Group.INTERVENE, "measure what SAEs in the place of values lose")
          .details(
              """
              Runs the prompts once as they are and once with the reconstructions of the SAEs in \
              the place of what they read, their error terms left out, and says the metric of \
              both. With several layers each SAE reads what the ones before it have left. 'with \
              error' keeps the error terms, so that the metric must be what it was: it shows \
              that the SAEs are spliced in the right place. 'ablate' \
              and 'steer' splice the SAE of their features too, and keep its error term. In 'with splice ... \
              { }' the change stays in force for the statements of the block.""")
          .parameters(LAYERS, SaeAt.RESIDUAL, WITH, InterventionTable.AT)
          .parameters(PromptGroups.BY, InterventionTable.EACH)
          .result(ValueKind.TABLE)
          .example("model sprig\ndataset ioi n 8\nsplice L2", "with one SAE, at every token")
          .example(
              "model sprig\ndataset ioi n 8\nsplice L0..L3 at END",
              "with those of four layers, at the last token")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public String changed() {
    return "spliced";
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    SaeAt.checkAll(arguments, LAYERS, forecast);
    EngineFacts.requirePrompts(forecast);
  }

  @Override
  public List<Intervention> edits(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Where where = InterventionTable.places(arguments, bench).where();
    List<Address.Layer> layers = arguments.get(LAYERS);
    boolean keeps = arguments.has(WITH);
    if (layers.stream().distinct().count() < layers.size()) {
      throw arguments.fault(LAYERS, Kind.USAGE, "a layer is given twice", null);
    }
    return layers.stream()
        .map(layer -> SaeAt.of(bench, arguments, layer))
        .<Intervention>map(
            sae -> keeps ? Splice.withError(sae) : Splice.withError(sae).zeroError(where))
        .toList();
  }
}
