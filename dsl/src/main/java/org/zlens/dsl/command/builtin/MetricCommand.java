package org.zlens.dsl.command.builtin;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Known;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.CurrentMetric;
import org.zlens.dsl.command.engine.CurrentPrompts;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.MetricChoice;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.Predictions;
import org.zlens.engine.runtime.Tensor;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code metric}: chooses what interventions are measured by, or shows all metrics. */
public final class MetricCommand implements Command {
  private static final String DEFAULT = "default";

  private static final Parameter<String> NAME =
      Parameter.of(
              "name",
              Types.choice(
                  Stream.concat(Stream.of(DEFAULT), Arrays.stream(MetricChoice.words()))
                      .toArray(String[]::new)),
              "the metric, or 'default'")
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("metric", Group.SET_UP, "choose what is measured, or show the metrics")
          .details(
              """
              The default is the logit difference where every prompt has an answer pair, else the \
              loss. The table says which metric is used, and the mean of each over the current \
              prompts.""")
          .parameters(NAME)
          .result(ValueKind.TABLE)
          .columns("metric", "unit", "used", "mean", "meaning")
          .example(
              "model sprig\nprompt \"When Ann and Bob went to the store, Bob gave a drink to\""
                  + " answer \" Ann\" over \" Bob\"\nmetric",
              "all metrics on the prompt")
          .example("model sprig; dataset ioi n 8; metric probability", "another one from here on")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireModel(forecast);
    if (!arguments.has(NAME) || !arguments.isKnown(NAME) || arguments.get(NAME).equals(DEFAULT)) {
      return;
    }
    Known<Boolean> answered = forecast.ask(EngineFacts.ANSWERED);
    if (MetricChoice.of(arguments.get(NAME)).needsAnswer()
        && answered.value().isPresent()
        && !answered.value().get()) {
      throw arguments.fault(
          NAME,
          Kind.TYPE,
          "'" + arguments.get(NAME) + "' needs prompts with an answer pair",
          "prompt ... answer \" Ann\" over \" Bob\"");
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    if (arguments.has(NAME)) {
      if (arguments.get(NAME).equals(DEFAULT)) {
        session.clear(Slots.METRIC);
      } else {
        session.put(Slots.METRIC, new CurrentMetric(MetricChoice.of(arguments.get(NAME))));
      }
    }
    Map<MetricChoice, Double> means = new EnumMap<>(MetricChoice.class);
    session.find(Slots.PROMPTS).ifPresent(prompts -> measure(session, prompts, means));
    return table(session, means);
  }

  /** The mean of each metric that the prompts allow, from one run of the model. */
  private static void measure(
      Session session, CurrentPrompts prompts, Map<MetricChoice, Double> means) {
    int all = prompts.set().size();
    Workbench.of(session)
        .forward(
            "metric",
            Hooks.none(),
            (first, some, batch, activations) -> {
              for (MetricChoice choice : MetricChoice.values()) {
                if (applies(choice, prompts)) {
                  Metric metric = choice.of(prompts.set());
                  Tensor reading = metric.read(batch, Predictions.of(activations.logits()));
                  double sum = Arrays.stream(metric.score(reading, reading)).sum();
                  means.merge(choice, sum / all, Double::sum);
                }
              }
            });
  }

  private static boolean applies(MetricChoice choice, CurrentPrompts prompts) {
    PromptSet set = prompts.set();
    return choice.needsAnswer()
        ? prompts.isAnswered()
        : set.prompts().stream().allMatch(prompt -> prompt.tokens().size() > 1);
  }

  private static TableValue table(Session session, Map<MetricChoice, Double> means) {
    StringColumn name = StringColumn.create("metric");
    StringColumn unit = StringColumn.create("unit");
    BooleanColumn used = BooleanColumn.create("used");
    DoubleColumn mean = DoubleColumn.create("mean");
    StringColumn says = StringColumn.create("meaning");
    boolean prompts = session.find(Slots.PROMPTS).isPresent();
    boolean chosen = session.find(Slots.METRIC).isPresent();
    MetricChoice current = prompts || chosen ? Workbench.of(session).metricChoice() : null;
    for (MetricChoice choice : MetricChoice.values()) {
      name.append(choice.word());
      unit.append(choice.unit());
      used.append(choice == current);
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
}
