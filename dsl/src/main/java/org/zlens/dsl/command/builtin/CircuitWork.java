package org.zlens.dsl.command.builtin;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Position;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.MemorySize;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.GradientAttribution;
import org.zlens.engine.attribute.Part;
import org.zlens.engine.attribute.circuit.CircuitEffects;
import org.zlens.engine.attribute.circuit.CircuitNode;
import org.zlens.engine.attribute.circuit.CircuitScores;
import org.zlens.engine.attribute.circuit.CircuitSpace;
import org.zlens.engine.attribute.circuit.NodeEffect;
import org.zlens.engine.data.Alignment;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.plan.SaeCost;
import org.zlens.engine.sae.Sae;

/** What all verbs of circuits share: which nodes there are, and which of them are in. */
final class CircuitWork {
  static final Parameter<List<Address.Layer>> LAYERS =
      Parameter.of("layer", Types.listOf(Types.LAYER), "the layers of the SAEs");

  static final Parameter<List<Position>> AT =
      Parameter.after("at", "position", Types.POSITION, "where; at every token without it")
          .many()
          .optional();

  static final Parameter<String> ABSENT =
      Parameter.after(
              "absent",
              "value",
              Types.choice("zero", "mean"),
              "what stands for an absent node: zero, or the mean over the prompts place by place")
          .orElse("zero");

  static final Parameter<Double> THRESHOLD =
      Parameter.after(
              "threshold",
              "contribution",
              Types.positive(),
              "least contribution of a node to the metric, its sign apart")
          .orElse(0.1);

  static final Parameter<Integer> MOST =
      Parameter.after("most", "nodes", Types.count(), "no more nodes than these").orElse(60);

  static final Parameter<Integer> STEPS =
      Parameter.after(
              "steps",
              "count",
              Types.count(),
              "integrated gradients over so many points, not the gradient of the clean run alone")
          .optional();

  static final Parameter<Boolean> TOGETHER =
      Parameter.flag("together", "a feature is one node at all places, not one at each");

  /** What all of these verbs say of themselves. */
  static final String DETAILS =
      """
      A node is a feature, or the error term, of one of the SAEs at a place that the prompts share: \
      a label such as S2, or so many tokens behind one; 'together' makes all places one. What it \
      contributes is the gradient of the metric times what is lost when the node is absent: zero, \
      or its mean over the prompts with 'absent mean'. With 'steps' it is the mean gradient on the \
      way to a run without any node (integrated gradients). Nodes below the threshold stay out. \
      These are sparse feature circuits (Marks et al. 2024) on the SAEs of one kind.""";

  /** Numbers that are gone through for each feature at each place. */
  private static final double VALUES = 8;

  private final Workbench bench;
  private final Session session;
  private final Places places;
  private final CircuitSpace space;
  private final CircuitEffects effects;
  private final List<NodeEffect> all;
  private final List<NodeEffect> circuit;
  private final double threshold;

  private CircuitWork(Arguments arguments, Session session, String verb) {
    this.session = session;
    this.bench = Workbench.of(session);
    if (session.find(Slots.EDITS).filter(edits -> edits.size() > 0).isPresent()) {
      throw new ZlensException(
          Kind.RUNTIME,
          "gradients do not pass the edits in force",
          "ask for a circuit outside of the 'with' block");
    }
    this.places = Places.of(bench.prompts(), arguments, AT, new Position.All());
    Alignment alignment =
        arguments.get(TOGETHER)
            ? Alignment.together(bench.prompts())
            : Alignment.byLabel(bench.prompts());
    Set<Sae> saes = saes(arguments, bench);
    Batch batch = bench.batch();
    this.space =
        CircuitSpace.of(
            bench.transformer(),
            saes,
            batch,
            alignment.only(places.rows()).compact(),
            arguments.get(ABSENT).equals("mean"));
    this.effects =
        new CircuitEffects(
            bench.transformer(),
            batch,
            bench.metric(),
            space,
            arguments.find(STEPS).orElse(0),
            bench.progress(verb));
    this.all = effects.nodes();
    this.threshold = arguments.get(THRESHOLD);
    this.circuit =
        all.stream()
            .filter(one -> Math.abs(one.contribution()) >= threshold)
            .limit(arguments.get(MOST))
            .toList();
    if (circuit.isEmpty()) {
      throw new ZlensException(
          Kind.RUNTIME,
          all.isEmpty()
              ? "no node contributes to the metric at " + places.text()
              : "no node contributes as much as "
                  + NumberValue.format(threshold)
                  + "; the largest is "
                  + String.format(Locale.ROOT, "%.2g", Math.abs(all.get(0).contribution())),
          "lower the threshold, or take more layers or places");
    }
  }

  /** Refuses what cannot be, as far as that is known before the run. */
  static void check(Arguments arguments, Forecast forecast) {
    SaeAt.checkAll(arguments, LAYERS, forecast);
    EngineFacts.requirePrompts(forecast);
  }

  private static Set<Sae> saes(Arguments arguments, Workbench bench) {
    Set<Sae> saes = new LinkedHashSet<>();
    for (Address.Layer layer : arguments.get(LAYERS)) {
      saes.add(SaeAt.of(bench, arguments, layer));
    }
    return saes;
  }

  /** What it takes to find the nodes. */
  static Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Set<Sae> saes = saes(arguments, bench);
    Batch batch = bench.batch();
    Where where = Places.of(bench.prompts(), arguments, AT, new Position.All()).where();
    long cells = where.in(batch).listed(batch).size();
    int steps = arguments.find(STEPS).orElse(0);
    List<Location> at = saes.stream().map(Sae::location).toList();
    GradientAttribution gradients =
        new GradientAttribution(
            bench.transformer(), batch, bench.metric(), steps, bench.progress("explain"));
    Estimate all = Estimate.of(gradients.passes(at, false), 1);
    if (arguments.get(ABSENT).equals("mean")) {
      Hooks kept = Hooks.none().capture(at.toArray(Location[]::new)).withoutLogits();
      all = bench.wholeEstimate(kept).of("means").then(all.of("gradients"));
    }
    for (Sae sae : saes) {
      // What each feature would lose, and that along its gradient, which all features have.
      Cost own =
          SaeCost.encode(sae, cells, 1)
              .plus(SaeCost.decode(sae, 2.0 * cells, 2))
              .plus(new Cost(0, VALUES * cells * sae.features(), 0));
      all = all.with(steps > 0 ? own.plus(own) : own).holding(2 * SaeCost.bytes(sae, cells));
    }
    return all;
  }

  /** Finds the nodes. */
  static CircuitWork of(Arguments arguments, Session session, String verb) {
    return new CircuitWork(arguments, session, verb);
  }

  Workbench bench() {
    return bench;
  }

  CircuitSpace space() {
    return space;
  }

  CircuitEffects effects() {
    return effects;
  }

  /** The nodes of the circuit, the largest contributions first. */
  List<NodeEffect> circuit() {
    return circuit;
  }

  /** The nodes alone. */
  List<CircuitNode> nodes() {
    return circuit.stream().map(NodeEffect::node).toList();
  }

  /** Number of blocks of the model. */
  int layers() {
    return bench.model().config().layers();
  }

  /** What runs the model with and without them. */
  CircuitScores scores(String verb) {
    return new CircuitScores(
        bench.transformer(),
        effects.batch(),
        effects.metric(),
        space,
        MemorySize.bytes(session.settings().get(Settings.MEMORY)),
        bench.progress(verb));
  }

  /** For example {@code L2.F417}, {@code L2.error} or {@code L2.resid_pre.error}. */
  String name(CircuitNode node) {
    Sae sae = space.saes().get(node.sae());
    Part error = sae.location().site() == Site.RESID_PRE ? Part.RESIDUAL_ERROR : Part.SAE_ERROR;
    return node.isError() ? error.address(sae.location().layer(), -1) : sae.address(node.feature());
  }

  String place(CircuitNode node) {
    return space.alignment().names().get(node.place());
  }

  /** For titles: the sites and the places. */
  String title() {
    return space.saes().stream()
            .map(sae -> sae.location().shortName())
            .collect(Collectors.joining(", "))
        + " at "
        + places.text();
  }

  /** How many nodes there are and how many are in. */
  String note() {
    return "nodes that contribute at least "
        + NumberValue.format(threshold)
        + ": "
        + circuit.size()
        + " of "
        + all.size()
        + " that contribute anything";
  }
}
