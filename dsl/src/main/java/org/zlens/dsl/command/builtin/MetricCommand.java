package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Known;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Position;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.CurrentMetric;
import org.zlens.dsl.command.engine.CurrentPrompts;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.MetricChoice;
import org.zlens.dsl.command.engine.MetricKind;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.Predictions;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.runtime.Tensor;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code metric}: chooses what interventions are measured by, or shows all metrics. */
public final class MetricCommand implements Command, Planned {
  /** Numbers that all metrics together go through for each logit. */
  private static final double VALUES = 6;

  private static final Parameter<MetricType.Chosen> METRIC =
      Parameter.of("metric", new MetricType(), "a metric, a formula of one, or 'default'")
          .optional();

  private static final Parameter<String> OF =
      Parameter.after("of", "token", Types.STRING, "the token whose probability it is").optional();

  private static final Parameter<List<Position>> AT =
      Parameter.after(
              "at", "position", Types.POSITION, "where it is read, END without it; see below")
          .many()
          .optional();

  private static final Parameter<Position> FROM =
      Parameter.after("from", "position", Types.POSITION, "the first token whose loss counts")
          .optional();

  private static final Parameter<Position> TO =
      Parameter.after("to", "position", Types.POSITION, "the last one; END without it").optional();

  private static final Signature SIGNATURE =
      Signature.verb("metric", Group.SET_UP, "choose what is measured, or show the metrics")
          .details(
              """
              The default is the logit difference where every prompt has an answer pair, else the \
              loss. The table says which metric is used, and the mean of each over the current \
              prompts.

              'loss at S2' is the loss on the token at S2, predicted from the one before it; all \
              others read what is predicted after the place that 'at' names. A formula is worked \
              out of logit(TOKEN), probability(TOKEN) and log-probability(TOKEN), where TOKEN is a \
              text, answer or over, and a place may follow: logit(" Ann", S2+1).""")
          .parameters(METRIC, OF, AT, FROM, TO)
          .result(ValueKind.TABLE)
          .columns("metric", "unit", "used", "mean", "meaning")
          .example(
              "model sprig\nprompt \"When Ann and Bob went to the store, Bob gave a drink to\""
                  + " answer \" Ann\" over \" Bob\"\nmetric",
              "all metrics on the prompt")
          .example("model sprig; dataset ioi n 8; metric probability", "another one from here on")
          .example("model sprig; dataset ioi n 8; metric loss at S2", "the loss on one token")
          .example(
              "model sprig; dataset ioi n 8; metric logit(answer) - 0.5 * logit(\" the\")",
              "a formula")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireModel(forecast);
    boolean known =
        arguments.isKnown(METRIC)
            && arguments.isKnown(OF)
            && arguments.isKnown(AT)
            && arguments.isKnown(FROM)
            && arguments.isKnown(TO);
    Optional<MetricChoice> choice = known ? choice(arguments) : Optional.empty();
    Known<Boolean> answered = forecast.ask(EngineFacts.ANSWERED);
    if (choice.isPresent()
        && choice.get().needsAnswer()
        && answered.value().isPresent()
        && !answered.value().get()) {
      throw arguments.fault(
          METRIC,
          Kind.TYPE,
          "'" + choice.get().word() + "' needs prompts with an answer pair",
          "prompt ... answer \" Ann\" over \" Bob\"");
    }
  }

  /** The metric that the arguments choose; empty for the default or if they choose none. */
  private static Optional<MetricChoice> choice(Arguments arguments) {
    Optional<MetricChoice> plain = arguments.find(METRIC).flatMap(MetricType.Chosen::choice);
    Optional<MetricKind> kind = plain.flatMap(MetricChoice::kind);
    boolean loss = kind.equals(Optional.of(MetricKind.LOSS));
    boolean probability =
        kind.equals(Optional.of(MetricKind.PROBABILITY))
            || kind.equals(Optional.of(MetricKind.LOG_PROBABILITY));
    refuse(arguments, OF, probability, "is for probabilities");
    refuse(arguments, FROM, loss && !arguments.has(AT), "is for a loss without 'at'");
    refuse(arguments, TO, arguments.has(FROM), "comes with 'from'");
    refuse(arguments, AT, plain.isPresent(), "is for a metric");
    if (arguments.has(AT) && !loss) {
      boolean one = arguments.get(AT).size() == 1;
      if (!one || arguments.get(AT).get(0) instanceof Position.All) {
        throw arguments.fault(
            AT, Kind.TYPE, "expected one position, found " + arguments.written(AT), "at END");
      }
    }
    List<Position> span =
        arguments
            .find(FROM)
            .map(from -> List.of(from, arguments.find(TO).orElse(new Position.End(0))))
            .orElse(List.of());
    if (span.stream().anyMatch(Position.All.class::isInstance)) {
      throw arguments.fault(
          FROM, Kind.TYPE, "expected one position, found ALL", "from CODE to END");
    }
    return plain.map(
        metric ->
            new MetricChoice(
                metric.kind(),
                metric.formula(),
                arguments.find(AT).filter(at -> !isEverything(at)).orElse(List.of()),
                span,
                arguments.find(OF)));
  }

  /** The loss on every token is the loss. */
  private static boolean isEverything(List<Position> at) {
    return at.stream().anyMatch(Position.All.class::isInstance);
  }

  private static void refuse(
      Arguments arguments, Parameter<?> parameter, boolean allowed, String because) {
    if (arguments.has(parameter) && !allowed) {
      throw arguments.fault(parameter, Kind.TYPE, "'" + parameter.word() + "' " + because, null);
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Optional<MetricChoice> choice = choice(arguments);
    Optional<CurrentPrompts> prompts = session.find(Slots.PROMPTS);
    if (choice.isPresent()) {
      if (prompts.isPresent()) {
        requireOn(prompts.get(), choice.get(), arguments, session);
      }
      session.put(Slots.METRIC, new CurrentMetric(choice.get()));
    } else if (arguments.has(METRIC)) {
      session.clear(Slots.METRIC);
    }
    boolean known = prompts.isPresent() || session.find(Slots.METRIC).isPresent();
    MetricChoice current = known ? Workbench.of(session).metricChoice() : null;
    List<MetricChoice> all = new ArrayList<>();
    Arrays.stream(MetricKind.values()).map(MetricChoice::of).forEach(all::add);
    if (current != null && !current.isPlain()) {
      all.add(current);
    }
    Map<MetricChoice, Double> means =
        prompts.map(some -> measure(session, some, all)).orElse(Map.of());
    return table(session, all, current, means);
  }

  /** A metric that cannot be read of the prompts there are is refused when it is chosen. */
  private static void requireOn(
      CurrentPrompts prompts, MetricChoice choice, Arguments arguments, Session session) {
    try {
      choice.of(prompts.set(), Workbench.of(session)::tokenizer);
    } catch (ZlensException e) {
      Parameter<?> wrong =
          arguments.has(OF) ? OF : arguments.has(AT) ? AT : arguments.has(FROM) ? FROM : METRIC;
      throw arguments.fault(wrong, e.kind(), e.getMessage(), e.hint());
    }
  }

  /** The mean of each metric that the prompts allow, from one run of the model. */
  private static Map<MetricChoice, Double> measure(
      Session session, CurrentPrompts prompts, List<MetricChoice> choices) {
    Workbench bench = Workbench.of(session);
    Map<MetricChoice, Metric> metrics = new LinkedHashMap<>();
    for (MetricChoice choice : choices) {
      on(prompts, choice, bench).ifPresent(metric -> metrics.put(choice, metric));
    }
    Map<MetricChoice, Double> means = new LinkedHashMap<>();
    bench.forward(
        "metric",
        Hooks.none(),
        (first, some, batch, activations) ->
            metrics.forEach(
                (choice, metric) -> {
                  Tensor reading = metric.read(batch, Predictions.of(activations.logits()));
                  double sum = Arrays.stream(metric.score(reading, reading)).sum();
                  means.merge(choice, sum / prompts.set().size(), Double::sum);
                }));
    return means;
  }

  /** A metric on prompts that have what it reads. */
  private static Optional<Metric> on(CurrentPrompts prompts, MetricChoice choice, Workbench bench) {
    boolean next = prompts.set().prompts().stream().allMatch(prompt -> prompt.tokens().size() > 1);
    if (choice.needsAnswer() && !prompts.isAnswered()
        || choice.kind().equals(Optional.of(MetricKind.LOSS)) && !next) {
      return Optional.empty();
    }
    try {
      return Optional.of(choice.of(prompts.set(), bench::tokenizer));
    } catch (ZlensException e) {
      // Chosen for other prompts; whatever measures by it will say what these lack.
      return Optional.empty();
    }
  }

  private static TableValue table(
      Session session,
      List<MetricChoice> all,
      MetricChoice current,
      Map<MetricChoice, Double> means) {
    StringColumn name = StringColumn.create("metric");
    StringColumn unit = StringColumn.create("unit");
    BooleanColumn used = BooleanColumn.create("used");
    DoubleColumn mean = DoubleColumn.create("mean");
    StringColumn says = StringColumn.create("meaning");
    for (MetricChoice choice : all) {
      name.append(choice.word());
      unit.append(choice.unit());
      used.append(choice.equals(current));
      if (means.containsKey(choice)) {
        mean.append(means.get(choice));
      } else {
        mean.appendMissing();
      }
      says.append(choice.says());
    }
    List<String> notes =
        current != null
            ? List.of(Workbench.of(session).metricNote())
            : List.of("default: logit-difference where prompts have an answer pair, else loss");
    return new TableValue(Table.create("metrics", name, unit, used, mean, says), Map.of(), notes);
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    double tokens = (double) bench.prompts().size() * bench.prompts().longest();
    return bench
        .estimate(Hooks.none())
        .with(new Cost(0, VALUES * tokens * bench.model().config().dVocab(), 0));
  }
}
