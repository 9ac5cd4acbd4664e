package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.intervene.HeadAblation;
import org.zlens.engine.intervene.HeadAblation.Fill;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Where;

/** {@code ablate}: the model without some features, error terms, heads or values of sites. */
public final class AblateCommand implements MeasuredEdit {
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

  private static final Parameter<List<Address>> SITE =
      Parameter.after(
              "site",
              "site",
              Types.SITE_OF_ALL_OR_ONE,
              "sites to replace, such as L2.mlp_out or L2.H3.v, all together")
          .many()
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb(
              "ablate", Group.INTERVENE, "measure what happens without a feature, a head or a site")
          .details(
              """
              Runs the prompts once as they are and once with the change, and says the metric of \
              both. Features and error terms become zero, heads and sites their mean; 'zero', \
              'mean' and 'resample' say otherwise. While features change the SAE's error term \
              stays, and the other way round. What is active at none of the places is an error, \
              and so is a change that changes nothing. A mean goes over all prompts and positions; \
              'per template position' takes it among prompts of the same template, place by place \
              (each prompt's own S2). 'resample' gives each prompt the values of another, never \
              its own. 'over' takes either from other prompts. 'at S2' means each prompt's own S2, \
              as the paper's text says; 'at any S2' means the union of the S2 of all prompts, in \
              every prompt, as the paper's code does: take it to compare with the paper's \
              figures. In 'with ablate ... { }' the change stays in force for the statements of \
              the block.""")
          .oneOf(FEATURE, ERROR, HEAD, SITE)
          .parameters(
              SaeAt.RESIDUAL,
              InterventionTable.AT,
              Filling.MEAN,
              Filling.ZERO,
              Filling.RESAMPLE,
              Filling.OVER,
              Filling.PER,
              Filling.SEED,
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
              "model sprig\ndataset ioi n 8\nablate site L2.attn_out mean per template position at S2",
              "with the attention output of a layer as it usually is at that place")
          .example(
              "model sprig\ndataset ioi n 8\nablate site L2.H3.v resample at any S2 seed 1",
              "with values of other prompts")
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
  public String changed() {
    return "ablated";
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requirePrompts(forecast);
    Filling.check(arguments, fallback(arguments));
    if (arguments.get(SaeAt.RESIDUAL) && !arguments.has(ERROR)) {
      throw arguments.fault(
          SaeAt.RESIDUAL,
          Kind.USAGE,
          "'residual' goes with 'error' alone",
          "residual features are written L3.R22");
    }
    if (arguments.has(HEAD) || arguments.has(SITE)) {
      return;
    }
    if (arguments.has(ERROR)) {
      SaeAt.check(arguments, ERROR, forecast);
    } else {
      EngineFacts.requireSaes(forecast);
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    TableValue table =
        InterventionTable.of(arguments, session, edits(arguments, session), changed());
    Parameter<Boolean> fallback = fallback(arguments);
    Filling filling = Filling.of(arguments, fallback);
    boolean usual = fallback == Filling.ZERO && filling.isZero();
    return usual ? table : table.withNotes(List.of(filling.note(what(arguments), session)));
  }

  private static Parameter<Boolean> fallback(Arguments arguments) {
    return arguments.has(HEAD) || arguments.has(SITE) ? Filling.MEAN : Filling.ZERO;
  }

  private static String what(Arguments arguments) {
    return arguments.has(HEAD)
        ? "ablated heads"
        : arguments.has(SITE)
            ? "ablated values"
            : arguments.has(ERROR) ? "ablated error terms" : "ablated features";
  }

  @Override
  public List<Intervention> edits(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Places places = InterventionTable.places(arguments, bench);
    Filling filling = Filling.of(arguments, fallback(arguments));
    if (arguments.has(HEAD) && filling.isZero()) {
      return heads(arguments, places.where());
    }
    return filling.on(targets(arguments, bench), places, bench, session);
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Filling filling = Filling.of(arguments, fallback(arguments));
    Estimate then = MeasuredEdit.super.estimate(arguments, session);
    return filling.estimate(targets(arguments, bench), bench, then);
  }

  private static Targets targets(Arguments arguments, Workbench bench) {
    if (arguments.has(ERROR)) {
      return Targets.ofError(SaeAt.of(bench, arguments, ERROR));
    }
    return Targets.of(
        bench, arguments, arguments.has(FEATURE) ? FEATURE : arguments.has(SITE) ? SITE : HEAD);
  }

  private static List<Intervention> heads(Arguments arguments, Where where) {
    Map<Integer, List<Integer>> byLayer = new TreeMap<>();
    for (Address.Head head : arguments.get(HEAD)) {
      byLayer.computeIfAbsent(head.in(), layer -> new ArrayList<>()).add(head.index());
    }
    List<Intervention> all = new ArrayList<>();
    byLayer.forEach((layer, heads) -> all.add(new HeadAblation(layer, heads, Fill.ZERO, where)));
    return all;
  }
}
