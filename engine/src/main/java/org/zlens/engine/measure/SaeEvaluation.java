package org.zlens.engine.measure;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.measure.SaeStatistics.Vectors;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * Measures SAEs on a text: one clean pass of each batch for all of them, and three more for each,
 * with its site replaced (paper-spec C.1 to C.4).
 *
 * <p>All positions count, the first of a row included; the filling of rows that are shorter than
 * others never does. Losses are those of every token but the first of its row.
 */
public final class SaeEvaluation {
  private final Transformer model;
  private final List<Sae> saes;

  /** An evaluation of SAEs of a model. */
  public SaeEvaluation(Transformer model, List<Sae> saes) {
    this.model = model;
    this.saes = List.copyOf(saes);
  }

  /**
   * Measures all batches of a text, in the order of the SAEs.
   *
   * @param batches tokens int64 {@code [batch, pos]}, each made in a native scope of its own
   * @param count how many batches come, for the progress; 0 if that is not known
   */
  public List<SaeStatistics> run(Iterator<Batch> batches, int count, Progress progress) {
    List<SaeStatistics> all =
        new ArrayList<>(
            saes.stream()
                .map(
                    sae ->
                        new SaeStatistics(sae.location().shortName(), sae.features(), sae.width()))
                .toList());
    for (int done = 0; ; done++) {
      progress.step(done, Math.max(count, done));
      try (Scope scope = Scope.open()) {
        if (!batches.hasNext()) {
          return all;
        }
        measure(batches.next(), all, progress, done, Math.max(count, done + 1));
      }
    }
  }

  /** Adds one batch to the statistics of each SAE. */
  private void measure(
      Batch batch, List<SaeStatistics> all, Progress progress, int done, int count) {
    Set<Location> sites = new LinkedHashSet<>();
    saes.forEach(sae -> sites.add(sae.location()));
    Activations clean =
        model.forward(batch.tokens(), Hooks.none().capture(sites.toArray(Location[]::new)));
    Predictions predictions = new Predictions(batch, clean.logits());
    Cells cells = cells(batch);
    for (int i = 0; i < saes.size(); i++) {
      Sae sae = saes.get(i);
      SaeStatistics statistics = all.get(i);
      statistics.add(Replacement.NONE, predictions.clean());
      try (Scope scope = Scope.open()) {
        Tensor vectors = sae.flatten(cells.take(clean.get(sae.location())));
        statistics.add(vectors(sae, vectors));
      }
      for (Replacement replacement : Replacement.values()) {
        if (replacement != Replacement.NONE) {
          progress.step(done, count);
          try (Scope scope = Scope.open()) {
            Hooks hooks = Hooks.none().edit(edit(sae, replacement, cells));
            statistics.add(
                replacement, predictions.of(model.forward(batch.tokens(), hooks).logits()));
          }
        }
      }
    }
  }

  /** The true places of a batch, each listed: filling is no part of any mean. */
  private static Cells cells(Batch batch) {
    return Where.everywhere().in(batch).listed(batch);
  }

  private static Edit edit(Sae sae, Replacement replacement, Cells cells) {
    return new Edit(
        sae.location(),
        replacement.name().toLowerCase(Locale.ROOT),
        Edit.Effect.MUST_CHANGE,
        values -> {
          Tensor vectors = cells.take(values);
          return cells.put(
              values,
              switch (replacement) {
                case RECONSTRUCTION -> sae.reconstruct(vectors);
                case ZERO -> sae.origin(vectors);
                case MEAN -> vectors.meanKeep(0).expand(vectors.shape());
                case NONE -> throw new IllegalArgumentException("nothing is replaced");
              });
        });
  }

  /** Sums over vectors {@code [cell, d_in]}. */
  private static Vectors vectors(Sae sae, Tensor vectors) {
    Tensor acts = sae.encode(vectors);
    Tensor reconstruction = sae.decode(acts, vectors);
    Tensor error = vectors.sub(reconstruction).toDoubles();
    Tensor exact = vectors.toDoubles();
    Tensor made = reconstruction.toDoubles();
    Tensor norms = exact.norm(-1).mul(made.norm(-1));
    // A vector of zeros has no direction: its cosine counts as zero.
    Tensor cosines = exact.mul(made).sum(-1L).div(norms.add(1e-300));
    return new Vectors(
        vectors.size(0),
        acts.gt(0).toDoubles().sum(0L).doubles(),
        exact.sum(0L).doubles(),
        exact.mul(exact).sum().item(),
        error.mul(error).sum().item(),
        made.mul(made).sum().item(),
        cosines.sum().item());
  }

  /** The clean predictions of a batch, and how others differ from them. */
  private static final class Predictions {
    private final Batch batch;
    private final Tensor mask;
    private final long count;
    private final Tensor logs;
    private final ReplacementLoss clean;

    Predictions(Batch batch, Tensor logits) {
      this.batch = batch;
      int positions = batch.positions() - 1;
      float[] counts = new float[batch.rows() * positions];
      long all = 0;
      for (int row = 0; row < batch.rows(); row++) {
        for (int position = 0; position < batch.lengths()[row] - 1; position++) {
          counts[row * positions + position] = 1;
          all++;
        }
      }
      this.count = all;
      this.mask = Tensor.of(counts, batch.rows(), positions);
      this.logs = logs(logits);
      this.clean = new ReplacementLoss(count, loss(logits), 0);
    }

    ReplacementLoss clean() {
      return clean;
    }

    ReplacementLoss of(Tensor logits) {
      Tensor divergence = logs.exp().mul(logs.sub(logs(logits))).sum(-1L);
      return new ReplacementLoss(
          count, loss(logits), divergence.mul(mask).toDoubles().sum().item());
    }

    private Tensor logs(Tensor logits) {
      return logits.slice(1, 0, batch.positions() - 1).logSoftmax(-1);
    }

    private double loss(Tensor logits) {
      Tensor losses = Kernels.call("next_token_losses", logits, batch.tokens());
      return losses.mul(mask).toDoubles().sum().item();
    }
  }
}
