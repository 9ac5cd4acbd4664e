package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.EditingCommand;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.intervene.ErrorAblation;
import org.zlens.engine.intervene.FeatureAblation;
import org.zlens.engine.intervene.HeadAblation;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Where;

/** {@code ablate}: the model without some features, error terms or heads. */
public final class AblateCommand implements EditingCommand {
  private static final String CHANGED = "ablated";

  private static final Parameter<List<Address>> FEATURE =
      Parameter.after(
              "feature", "feature", Types.ANY_FEATURE, "features to set to zero, all together")
          .many()
          .optional();

  private static final Parameter<Address.Layer> ERROR =
      Parameter.after(
              "error", "layer", Types.LAYER, "a layer whose SAE's error term is to be left out")
          .optional();

  private static final Parameter<List<Address.Head>> HEAD =
      Parameter.after("head", "head", Types.HEAD, "heads to replace, all together")
          .many()
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("ablate", Group.INTERVENE, "measure what happens without a feature or a head")
          .details(
              """
              Runs the prompts once as they are and once with the change, and says the metric of \
              both. Features become zero while the SAE's error term stays; 'error' leaves out what \
              the SAE misses and nothing else. What is active at none of the places is an error, \
              since then there was nothing to ablate. In 'with ablate ... { }' the change stays in \
              force for the statements of the block.""")
          .oneOf(FEATURE, ERROR, HEAD)
          .parameters(
              SaeAt.RESIDUAL,
              InterventionTable.AT,
              HeadFill.MEAN,
              HeadFill.ZERO,
              PromptGroups.BY,
              InterventionTable.EACH)
          .result(ValueKind.TABLE)
          .pure()
          .example(
              """
              model sprig
              dataset ioi n 8
              let strongest = features L2 at S2 top 1
              ablate feature strongest.feature at S2""",
              "the logit difference without the most active feature")
          .example(
              "model sprig\ndataset ioi n 8\nablate error L2 at S2", "without what the SAE misses")
          .example("model sprig\ndataset ioi n 8\nablate head L2.H3 zero", "without a head")
          .example(
              """
              model sprig
              dataset ioi n 8
              with ablate head L2.H3 zero at END {
                logits
                pattern L3.H0 at END mean
              }""",
              "what other verbs see without it")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requirePrompts(forecast);
    HeadFill.check(arguments);
    if (arguments.get(SaeAt.RESIDUAL) && !arguments.has(ERROR)) {
      throw arguments.fault(
          SaeAt.RESIDUAL,
          Kind.USAGE,
          "'residual' goes with 'error' alone",
          "residual features are written L3.R22");
    }
    if (!arguments.has(HEAD) && (arguments.get(HeadFill.MEAN) || arguments.get(HeadFill.ZERO))) {
      throw arguments.fault(
          arguments.get(HeadFill.MEAN) ? HeadFill.MEAN : HeadFill.ZERO,
          Kind.USAGE,
          "'mean' and 'zero' go with 'head' alone",
          "features and error terms become zero");
    }
    if (arguments.has(HEAD)) {
      return;
    }
    if (arguments.has(ERROR)) {
      SaeAt.check(arguments, ERROR, forecast);
    } else {
      EngineFacts.requireSaes(forecast);
    }
  }

  @Override
  public Optional<List<String>> resultColumns(Arguments arguments, Forecast forecast) {
    return InterventionTable.columns(arguments, forecast, CHANGED);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    TableValue table = InterventionTable.of(arguments, session, edits(arguments, session), CHANGED);
    return arguments.has(HEAD)
        ? table.withNotes(List.of(HeadFill.note(HeadFill.of(arguments))))
        : table;
  }

  @Override
  public List<Parameter<?>> shown() {
    return InterventionTable.SHOWN;
  }

  @Override
  public List<Intervention> edits(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Where where = InterventionTable.places(arguments, bench).where();
    List<Intervention> all = new ArrayList<>();
    if (arguments.has(ERROR)) {
      all.add(new ErrorAblation(SaeAt.of(bench, arguments, ERROR), where));
    } else if (arguments.has(HEAD)) {
      Map<Integer, List<Integer>> byLayer = new TreeMap<>();
      for (Address.Head head : arguments.get(HEAD)) {
        byLayer.computeIfAbsent(head.in(), layer -> new ArrayList<>()).add(head.index());
      }
      byLayer.forEach(
          (layer, heads) -> all.add(new HeadAblation(layer, heads, HeadFill.of(arguments), where)));
    } else {
      SaeAt.byAll(bench, arguments, FEATURE)
          .forEach(
              (sae, some) ->
                  all.add(
                      new FeatureAblation(sae, some.stream().map(SaeAt::index).toList(), where)));
    }
    return all;
  }
}
