package org.zlens.engine.intervene;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Firing;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * A model, prompts and a metric, with the clean pass run once for all interventions that are tried
 * on them. It owns what it keeps of the clean pass.
 */
public final class Experiment implements AutoCloseable {
  private final Transformer model;
  private final Batch batch;
  private final Metric metric;
  private final Activations clean;
  private final Set<Location> reads;
  private final Tensor cleanReading;
  private final double[] cleanScore;

  /**
   * Runs the clean pass.
   *
   * @param planned every intervention that will be tried, so that the clean pass keeps what they
   *     need
   */
  public Experiment(
      Transformer model, Batch batch, Metric metric, Collection<? extends Intervention> planned) {
    this.model = model;
    this.batch = batch;
    this.metric = metric;
    this.reads =
        planned.stream()
            .flatMap(intervention -> intervention.reads().stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    try (Scope scope = Scope.open()) {
      Hooks hooks = Hooks.none().capture(reads.toArray(Location[]::new));
      this.clean = model.forward(batch.tokens(), hooks);
      this.cleanReading = metric.read(batch, Predictions.of(clean.logits()));
      this.cleanScore = metric.score(cleanReading, cleanReading);
      Scope.release(cleanReading);
      reads.forEach(location -> Scope.release(clean.get(location)));
    }
  }

  /** The clean metric and that under one intervention; nothing is kept. */
  public static Outcome measure(
      Transformer model, Batch batch, Metric metric, Intervention intervention) {
    return measure(model, batch, metric, List.of(intervention));
  }

  /** The clean metric and that under several interventions in one pass; nothing is kept. */
  public static Outcome measure(
      Transformer model, Batch batch, Metric metric, List<? extends Intervention> together) {
    try (Experiment experiment = new Experiment(model, batch, metric, together)) {
      return experiment.run(together);
    }
  }

  /** The prompts. */
  public Batch batch() {
    return batch;
  }

  /** The metric. */
  public Metric metric() {
    return metric;
  }

  /** The metric of the clean pass, {@code [batch]}. */
  public double[] clean() {
    return cleanScore.clone();
  }

  /** The metric under one intervention. */
  public Outcome run(Intervention intervention) {
    return run(List.of(intervention));
  }

  /**
   * The metric under several interventions in one pass, in the order given where they meet.
   *
   * @throws org.zlens.engine.ZlensException if an edit does not act where it must, or a feature to
   *     ablate is active nowhere
   */
  public Outcome run(List<? extends Intervention> together) {
    try (Scope scope = Scope.open()) {
      Hooks hooks = hooks(together);
      Activations changed = model.forward(batch.tokens(), hooks);
      List<Firing> own =
          changed.firings().stream()
              .filter(firing -> hooks.edits().stream().anyMatch(edit -> edit == firing.edit()))
              .toList();
      double[] score =
          metric.score(metric.read(batch, Predictions.of(changed.logits())), cleanReading);
      String name = together.stream().map(Intervention::name).collect(Collectors.joining("; "));
      return new Outcome(name, metric.name(), clean(), score, own);
    }
  }

  /** The hooks of a changed pass, for whoever wants more of it than the metric. */
  public Hooks hooks(List<? extends Intervention> together) {
    List<Edit> edits = new ArrayList<>();
    for (Intervention intervention : together) {
      if (!reads.containsAll(intervention.reads())) {
        throw new IllegalArgumentException(
            "'" + intervention.name() + "' was not among the planned interventions");
      }
      edits.addAll(intervention.edits(clean, batch));
    }
    return Hooks.none().edit(edits);
  }

  @Override
  public void close() {
    cleanReading.close();
    reads.forEach(location -> clean.get(location).close());
  }
}
