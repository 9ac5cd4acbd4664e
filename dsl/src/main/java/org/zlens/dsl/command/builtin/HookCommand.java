package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.CurrentFunctions;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.HookFormula;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Counterparts;
import org.zlens.engine.intervene.FeatureDirection;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Replacement;
import org.zlens.engine.intervene.SiteEdit;
import org.zlens.engine.intervene.SiteRule;
import org.zlens.engine.intervene.Target;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.runtime.Tensor;

/** {@code hook}: the model with the values of a site worked out by a formula. */
public final class HookCommand implements MeasuredEdit {
  private static final Parameter<List<Address>> SITE =
      Parameter.of("site", Types.SITE_OF_ALL_OR_ONE, "sites whose values change, each by itself")
          .many();

  private static final Parameter<HookFormula> BECOMES =
      Parameter.after("becomes", "formula", new HookType(), "what the values x become");

  private static final Signature SIGNATURE =
      Signature.verb("hook", Group.INTERVENE, "measure what a formula over a site's values does")
          .details(
              """
              Runs the prompts once as they are and once with the values x of a site replaced by a \
              formula of them, and says the metric of both. A formula is made of x, mean (over all \
              prompts and positions of the model as it is), numbers, features (their decoder \
              direction, at the residual stream through the output weights), + - * /, and the \
              functions relu, abs, norm and dot, which go over the last axis: of each head, where \
              a site has heads. 'hook L2.z at S2 { x * 0.5 }' is short for 'hook L2.z at S2 \
              becomes x * 0.5'. It is held to the same as every edit: it must change something, at \
              the places named alone, and keep shape and finite numbers. In 'with hook ... { }' \
              the change stays in force for the statements of the block. In Kotlin a function \
              stands for the formula: hook(L2.site("z"), at = S2) { it.mul(0.5) }.""")
          .parameters(SITE, InterventionTable.AT, BECOMES, PromptGroups.BY, InterventionTable.EACH)
          .result(ValueKind.TABLE)
          .example("model sprig\ndataset ioi n 8\nhook L2.z at S2 { x * 0.5 }", "half as much")
          .example(
              "model sprig\ndataset ioi n 8\n" + "hook L3.resid_pre at END becomes x - 2 * L2.F417",
              "less of a feature's direction in the residual stream")
          .example(
              "model sprig\ndataset ioi n 8\nhook L2.H3.v L1.H0.v becomes mean", "values as usual")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public String changed() {
    return "hooked";
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requirePrompts(forecast);
    if (arguments.isKnown(BECOMES) && !arguments.get(BECOMES).directions().isEmpty()) {
      EngineFacts.requireSaes(forecast);
    }
    if (arguments.isKnown(BECOMES) && arguments.get(BECOMES).text().equals("x")) {
      throw arguments.fault(BECOMES, Kind.USAGE, "x becoming x changes nothing", null);
    }
  }

  @Override
  public List<Intervention> edits(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    HookFormula formula = arguments.get(BECOMES);
    Where where = InterventionTable.places(arguments, bench).where();
    Map<String, UnaryOperator<Tensor>> foreign = new HashMap<>();
    Optional<Replacement> mean =
        formula.needsMean()
            ? Optional.of(
                Replacement.mean(Counterparts.meanOfAll(Places.everywhere(bench.prompts()).rows())))
            : Optional.empty();
    List<Intervention> all = new ArrayList<>();
    try {
      formula.foreign().forEach(name -> foreign.put(name, CurrentFunctions.find(session, name)));
      for (Target target : Targets.of(bench, arguments, SITE).sites()) {
        Map<Address, Tensor> directions = directions(formula, bench, target.location());
        SiteRule rule =
            new SiteRule.Computed(
                formula.text(),
                (x, usual) -> formula.apply(new HookFormula.Given(x, usual, directions, foreign)),
                mean,
                formula.foreign().isEmpty());
        all.add(new SiteEdit(target, rule, where));
      }
    } catch (ZlensException e) {
      throw arguments.fault(BECOMES, e.kind(), e.getMessage(), e.hint());
    }
    return all;
  }

  private static Map<Address, Tensor> directions(
      HookFormula formula, Workbench bench, Location site) {
    Map<Address, Tensor> directions = new HashMap<>();
    for (Address feature : formula.directions()) {
      Tensor direction =
          FeatureDirection.at(
              bench.model().transformer(), SaeAt.of(bench, feature), SaeAt.index(feature), site);
      // Heads are joined in a direction at z; the stream before heads is that of each of them.
      boolean joined = site.site() == Site.Z;
      directions.put(
          feature, joined ? direction.reshape(bench.model().config().heads(), -1) : direction);
    }
    return directions;
  }
}
