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
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.FeatureDirection;
import org.zlens.engine.intervene.FeatureEdit;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.SiteRule;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;

/** {@code steer}: the model with features moved, set or scaled, or the values of sites. */
public final class SteerCommand implements MeasuredEdit {
  private static final Parameter<List<Address>> WHAT =
      Parameter.of("what", Types.TARGET, "what changes alike, all together").many();

  private static final Parameter<Double> BY =
      Parameter.after(
              "by",
              "number",
              Types.NUMBER,
              "added to the activation, active or not; of a site, how much")
          .optional();

  private static final Parameter<Double> TO =
      Parameter.after(
              "to",
              "number",
              Types.NUMBER,
              "what all of it becomes: an activation, active or not, or the values")
          .optional();

  private static final Parameter<Double> SCALE =
      Parameter.after(
              "scale",
              "factor",
              Types.NUMBER,
              "what an activation is multiplied by where active, or the values")
          .optional();

  private static final Parameter<Address> ALONG =
      Parameter.after(
              "along",
              "feature",
              Types.ANY_FEATURE,
              "whose direction is added, to a site; a feature has its own")
          .optional();

  private static final List<Parameter<Double>> CHANGES = List.of(BY, TO, SCALE);

  private static final Signature SIGNATURE =
      Signature.verb("steer", Group.INTERVENE, "measure what more or less of something does")
          .details(
              """
              Runs the prompts once as they are and once with the change, and says the metric of \
              both. Of a feature, 'by' adds a number to the activation, which adds so many times \
              the feature's decoder direction to the values at its site; 'to' sets the activation; \
              'scale' multiplies it, and is an error where the feature is active nowhere; the \
              SAE's error term stays. Of a site, a head or an error term, 'to' sets all values, \
              'scale' multiplies them, and 'by 4 along L2.F417' adds four times the feature's \
              direction, at the residual stream through the output weights; what else values can \
              become, 'hook' works out by a formula. In 'with steer ... { }' the change stays in \
              force for the statements of the block.""")
          .parameters(WHAT, BY, ALONG, TO, SCALE, InterventionTable.AT, InterventionTable.EACH)
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
          .example(
              "model sprig\ndataset ioi n 8\nsteer L3.resid_pre by 4 along L2.F417 at END",
              "a feature's direction, as what attention adds to the residual stream")
          .example(
              "model sprig\ndataset ioi n 8\nsteer L1.H4 L2.mlp_out scale 0.5 at S2 END",
              "a head and an MLP at half their strength")
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
    if (arguments.has(ALONG)
        || arguments.isKnown(WHAT)
            && arguments.get(WHAT).stream().anyMatch(SteerCommand::isFeature)) {
      EngineFacts.requireSaes(forecast);
    }
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
    if (arguments.has(ALONG) && !arguments.has(BY)) {
      throw arguments.fault(
          ALONG, Kind.TYPE, "'along' says what 'by' adds", "usage: " + SIGNATURE.usage());
    }
    if (arguments.has(BY) && arguments.isKnown(WHAT)) {
      arguments.get(WHAT).forEach(what -> checkDirection(arguments, what));
    }
    refuse(arguments, BY, 0, "adds nothing");
    refuse(arguments, SCALE, 1, "changes nothing");
  }

  private static boolean isFeature(Address what) {
    return what instanceof Address.Feature || what instanceof Address.ResidualFeature;
  }

  private static void checkDirection(Arguments arguments, Address what) {
    boolean along = arguments.has(ALONG);
    if (isFeature(what) == along) {
      throw arguments.fault(
          WHAT,
          Kind.TYPE,
          along
              ? "'" + what.text() + "' has a direction of its own"
              : "'by' adds a direction to '" + what.text() + "', and none is given",
          along
              ? "leave out 'along', or steer the site that it is added to"
              : "say whose: steer " + what.text() + " by 4 along L2.F417");
    }
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
    if (arguments.has(BY)) {
      arguments.get(WHAT).forEach(what -> checkDirection(arguments, what));
    }
    Where where = InterventionTable.places(arguments, bench).where();
    return Targets.of(bench, arguments, WHAT)
        .change(
            feature -> ofFeature(arguments, feature, where),
            location -> ofValues(arguments, bench, location),
            where);
  }

  private static FeatureEdit ofFeature(Arguments arguments, int feature, Where where) {
    if (arguments.has(BY)) {
      return FeatureEdit.add(feature, arguments.get(BY), where);
    }
    return arguments.has(TO)
        ? FeatureEdit.pin(feature, arguments.get(TO), where)
        : FeatureEdit.scale(feature, arguments.get(SCALE), where);
  }

  private static SiteRule ofValues(Arguments arguments, Workbench bench, Location location) {
    if (arguments.has(BY)) {
      Address along = arguments.get(ALONG);
      double much = arguments.get(BY);
      try (Scope scope = Scope.open()) {
        Transformer model = bench.model().transformer();
        float[] vector =
            FeatureDirection.at(model, SaeAt.of(bench, along), SaeAt.index(along), location)
                .mul(much)
                .floats();
        return new SiteRule.Add(vector, NumberValue.format(much) + " " + along.text());
      } catch (ZlensException e) {
        throw arguments.fault(ALONG, e.kind(), e.getMessage(), e.hint());
      }
    }
    return arguments.has(TO)
        ? new SiteRule.Constant(arguments.get(TO))
        : new SiteRule.Scale(arguments.get(SCALE));
  }
}
