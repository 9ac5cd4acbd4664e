package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.SiteNames;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.PathPatch;
import org.zlens.engine.intervene.PathPatch.Through;
import org.zlens.engine.intervene.SiteEdit;
import org.zlens.engine.intervene.SiteRule;
import org.zlens.engine.intervene.Target;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.plan.WholePass;

/** {@code pathpatch}: what a change does through the inputs of some heads alone. */
public final class PathPatchCommand implements MeasuredEdit {
  private static final Parameter<List<Address>> TARGETS =
      Parameter.of("what", Types.TARGET, "what is ablated on its way there, all together").many();

  private static final Parameter<List<Address.HeadSite>> INTO =
      Parameter.after("into", "input", Types.HEAD_SITE, "queries, keys or values of later heads")
          .many();

  private static final Parameter<String> THROUGH =
      Parameter.after(
              "through",
              "blocks",
              Types.choice("mlps", "all"),
              "what lies in between and passes the change on: MLPs, or all; nothing without it")
          .optional();

  private static final Parameter<Boolean> RESCALED =
      Parameter.flag("rescaled", "the norms before the receivers follow the change");

  private static final Signature SIGNATURE =
      Signature.verb("pathpatch", Group.INTERVENE, "measure what a change does by some paths")
          .details(
              """
              Gives some heads the queries, keys or values that they would have under an ablation, \
              and leaves everything else as it is until their output; after them the model runs as \
              always. Without 'through' the change reaches them by the residual stream alone: \
              attention and MLPs in between stay clean, and so does the scale of the norms before \
              the receivers, unless 'rescaled' is said. 'through mlps' lets MLPs in between follow \
              it, 'through all' attention too. What is ablated and what stands in its place is \
              said as with 'ablate'. In 'with pathpatch ... { }' the change stays in force for the \
              statements of the block; what arrives is that of the model without other edits.""")
          .parameters(TARGETS, INTO, THROUGH, RESCALED, InterventionTable.AT)
          .parameters(Filling.MEAN, Filling.ZERO, Filling.RESAMPLE)
          .parameters(Filling.OVER, Filling.PER, Filling.SEED)
          .parameters(PromptGroups.BY, InterventionTable.EACH)
          .result(ValueKind.TABLE)
          .example(
              """
              model sprig
              dataset ioi n 8
              let best = features L1 at S2 top 1
              pathpatch best.feature at S2 into L2.H0.v L2.H3.v L3.H1.v""",
              "what a feature does through the values of three heads")
          .example(
              "model sprig\ndataset ioi n 8\n"
                  + "pathpatch L0.attn_out mean per position at S2 into L3.H1.q through all",
              "what an attention output does through the queries of a head")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public String changed() {
    return "patched";
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requirePrompts(forecast);
    if (arguments.isKnown(TARGETS)) {
      Filling.check(arguments, fallback(arguments));
    }
    if (arguments.get(RESCALED)
        && arguments.isKnown(THROUGH)
        && arguments.find(THROUGH).filter("all"::equals).isPresent()) {
      throw arguments.fault(
          RESCALED, Kind.USAGE, "through all that lies in between norms follow anyway", null);
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    List<Intervention> patches = edits(arguments, session, bench.transformer(), bench.batch());
    TableValue table = InterventionTable.of(arguments, session, patches, changed());
    Filling filling = Filling.of(arguments, fallback(arguments));
    return table.withNotes(List.of(filling.note("ablated values", session), paths(arguments)));
  }

  private static String paths(Arguments arguments) {
    return switch (through(arguments)) {
      case NOTHING ->
          "by the residual stream alone; norms before the receivers "
              + (arguments.get(RESCALED) ? "follow" : "stay clean");
      case MLPS ->
          "by the residual stream and MLPs; norms before the receivers "
              + (arguments.get(RESCALED) ? "follow" : "stay clean");
      case ALL -> "through all that lies in between";
    };
  }

  @Override
  public List<Intervention> edits(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    return edits(arguments, session, bench.model().transformer(), Batch.of(bench.prompts()));
  }

  private static List<Intervention> edits(
      Arguments arguments, Session session, Transformer model, Batch batch) {
    Workbench bench = Workbench.of(session);
    List<Intervention> change =
        Filling.of(arguments, fallback(arguments))
            .on(
                Targets.of(bench, arguments, TARGETS),
                InterventionTable.places(arguments, bench),
                bench,
                session);
    try {
      return PathPatch.of(
          model,
          batch,
          change,
          receivers(arguments, bench),
          through(arguments),
          arguments.get(RESCALED));
    } catch (ZlensException e) {
      if (e.kind() == Kind.USAGE) {
        throw arguments.fault(INTO, e.kind(), e.getMessage(), e.hint());
      }
      throw e;
    }
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    List<Target> receivers = receivers(arguments, bench);
    Targets targets = Targets.of(bench, arguments, TARGETS);
    Location[] at = receivers.stream().map(Target::location).toArray(Location[]::new);
    Hooks arriving = Hooks.none().capture(at).withoutLogits();
    Hooks held =
        Hooks.none()
            .capture(
                PathPatch.held(
                        targets.locations(), receivers, through(arguments), arguments.get(RESCALED))
                    .toArray(Location[]::new))
            .withoutLogits();
    WholePass pass =
        WholePass.of(
            bench.model().config(), bench.prompts().size(), bench.prompts().longest(), arriving);
    // Which values are put into the receivers makes no difference to what that takes.
    List<Intervention> stand =
        receivers.stream()
            .<Intervention>map(
                target -> new SiteEdit(target, new SiteRule.Zero(), Where.everywhere()))
            .toList();
    // The clean values, and what was there before they were put back.
    Estimate arrives =
        Estimate.of(List.of(pass), 2).of("what arrives").holding(2 * bench.keptBytes(held));
    Estimate then = arrives.then(bench.estimate(stand).holding(bench.keptBytes(arriving)));
    return Filling.of(arguments, fallback(arguments)).estimate(targets, bench, then);
  }

  private static List<Target> receivers(Arguments arguments, Workbench bench) {
    SiteNames names = new SiteNames(bench.model().config());
    Map<Location, List<Integer>> heads = new LinkedHashMap<>();
    for (Address.HeadSite address : arguments.get(INTO)) {
      Target target = names.target(address);
      heads
          .computeIfAbsent(target.location(), location -> new ArrayList<>())
          .addAll(target.heads());
    }
    return heads.entrySet().stream().map(one -> new Target(one.getKey(), one.getValue())).toList();
  }

  private static Through through(Arguments arguments) {
    return arguments
        .find(THROUGH)
        .map(word -> word.equals("mlps") ? Through.MLPS : Through.ALL)
        .orElse(Through.NOTHING);
  }

  /** As 'ablate' has it: what SAEs tell apart becomes zero, all else its mean. */
  private static Parameter<Boolean> fallback(Arguments arguments) {
    boolean ofSaes =
        arguments.get(TARGETS).stream()
            .allMatch(
                one ->
                    one instanceof Address.Feature
                        || one instanceof Address.ResidualFeature
                        || one instanceof Address.ErrorTerm);
    return ofSaes ? Filling.ZERO : Filling.MEAN;
  }
}
