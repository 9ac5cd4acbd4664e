package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.intervene.FeatureEdit;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Splice;
import org.zlens.engine.intervene.Where;

/** {@code steer}: the model with the activations of some features moved, set or scaled. */
public final class SteerCommand implements MeasuredEdit {
  private static final Parameter<List<Address>> FEATURE =
      Parameter.of("feature", Types.ANY_FEATURE, "features to change alike, all together").many();

  private static final Parameter<Double> BY =
      Parameter.after("by", "number", Types.NUMBER, "added to the activation, active or not")
          .optional();

  private static final Parameter<Double> TO =
      Parameter.after("to", "number", Types.NUMBER, "what the activation is set to, active or not")
          .optional();

  private static final Parameter<Double> SCALE =
      Parameter.after(
              "scale", "factor", Types.NUMBER, "what the activation is multiplied by where active")
          .optional();

  private static final List<Parameter<Double>> CHANGES = List.of(BY, TO, SCALE);

  private static final Signature SIGNATURE =
      Signature.verb("steer", Group.INTERVENE, "measure what more or less of a feature does")
          .details(
              """
              Runs the prompts once as they are and once with the change, and says the metric of \
              both. 'by' adds a number to the activation, which adds so many times the feature's \
              decoder direction to the values at its site; 'to' sets the activation; 'scale' \
              multiplies it, and is an error where the feature is active nowhere. The SAE's error \
              term stays. A site's values as a whole 'hook' steers: hook L3.resid_pre at END becomes \
              x + 4 * L2.F417. In 'with steer ... { }' the change stays in force for the statements of \
              the block.""")
          .parameters(FEATURE, BY, TO, SCALE, InterventionTable.AT, InterventionTable.EACH)
          .result(ValueKind.TABLE)
          .example(
              "model sprig\ndataset ioi n 8\nsteer L2.F417 by 4 at END",
              "with four times the feature's direction added at the last token")
          .example(
              """
              model sprig
              dataset ioi n 8
              let strongest = features L2 at S2 top 1
              steer strongest.feature scale 2 at S2""",
              "with the most active feature twice as strong")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public String changed() {
    return "changed";
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireSaes(forecast);
    EngineFacts.requirePrompts(forecast);
    // Not alternatives of the signature: all are numbers, which Kotlin could not tell apart.
    List<Parameter<Double>> given = CHANGES.stream().filter(arguments::has).toList();
    if (given.size() != 1) {
      throw new Fault(
          Kind.TYPE,
          given.isEmpty() ? arguments.span() : arguments.span(given.get(1)),
          "'steer' needs one of 'by', 'to' and 'scale'" + (given.isEmpty() ? "" : ", not two"),
          "usage: " + SIGNATURE.usage());
    }
    refuse(arguments, BY, 0, "adds nothing");
    refuse(arguments, SCALE, 1, "changes nothing");
  }

  private static void refuse(
      Arguments arguments, Parameter<Double> parameter, double idle, String why) {
    if (arguments.isKnown(parameter)
        && arguments.find(parameter).filter(number -> number == idle).isPresent()) {
      throw arguments.fault(
          parameter,
          Kind.USAGE,
          "'" + parameter.word() + " " + NumberValue.format(idle) + "' " + why,
          null);
    }
  }

  @Override
  public List<Intervention> edits(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Where where = InterventionTable.places(arguments, bench).where();
    return SaeAt.byAll(bench, arguments, FEATURE).entrySet().stream()
        .<Intervention>map(
            one ->
                new Splice(
                    one.getKey(),
                    true,
                    one.getValue().stream()
                        .map(feature -> edit(arguments, SaeAt.index(feature), where))
                        .toList(),
                    Optional.empty()))
        .toList();
  }

  private static FeatureEdit edit(Arguments arguments, int feature, Where where) {
    if (arguments.has(BY)) {
      return FeatureEdit.add(feature, arguments.get(BY), where);
    }
    return arguments.has(TO)
        ? FeatureEdit.pin(feature, arguments.get(TO), where)
        : FeatureEdit.scale(feature, arguments.get(SCALE), where);
  }
}
