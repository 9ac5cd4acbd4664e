package org.zlens.engine.measure;

import java.util.EnumSet;
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
 * Measures SAEs on a text: one clean pass of each batch for all of them, and for each SAE one more
 * for each replacement of its site (paper-spec C.1 to C.4).
 *
 * <p>All positions count, the first of a row included; the filling of rows that are shorter than
 * others never does. Losses are those of every token but the first of its row.
 */
public final class SaeEvaluation {
  /** Activations that are held at once, so that wide SAEs fit into memory. */
  private static final int LARGEST = 1 << 24;

  private final Transformer model;
  private final List<Sae> saes;
  private final Set<Replacement> replacements;
  private final SiteMeans means;

  /**
   * An evaluation of SAEs of a model.
   *
   * @param replacements what is put in the place of each site; {@link Replacement#NONE} always is
   * @param means for {@link Replacement#MEAN}, else null
   */
  public SaeEvaluation(
      Transformer model, List<Sae> saes, Set<Replacement> replacements, SiteMeans means) {
    this.model = model;
    this.saes = List.copyOf(saes);
    this.replacements = EnumSet.copyOf(replacements);
    this.means = means;
    if (means == null && replacements.contains(Replacement.MEAN)) {
      throw new IllegalArgumentException("no means to replace by");
    }
  }

  /**
   * Measures all that there is to measure, in the order of the SAEs. The text is read twice, the
   * first time for the means.
   */
  public static List<SaeStatistics> of(
      Transformer model, List<Sae> saes, TextBatches text, Progress progress) {
    SiteMeans means = SiteMeans.of(model, saes, text, progress);
    return new SaeEvaluation(model, saes, EnumSet.allOf(Replacement.class), means)
        .run(text, progress);
  }

  /**
   * Mean next-token loss with the site of an SAE replaced by its reconstruction, of batches of
   * tokens int64 {@code [batch, pos]}: one pass of each, for whoever knows the other losses.
   */
  public static double splicedLoss(Transformer model, Sae sae, List<Tensor> batches) {
    Replacement replacement = Replacement.RECONSTRUCTION;
    SaeEvaluation evaluation =
        new SaeEvaluation(model, List.of(sae), EnumSet.of(replacement), null);
    ReplacementLoss all = ReplacementLoss.NONE;
    for (Tensor tokens : batches) {
      try (Scope scope = Scope.open()) {
        Batch batch = Batch.of(tokens);
        Hooks hooks = Hooks.none().edit(evaluation.edit(sae, replacement, cells(batch)));
        Tensor logits = model.forward(batch.tokens(), hooks).logits();
        all = all.plus(new Predictions(batch, logits).clean());
      }
    }
    return all.meanLoss();
  }

  /** Measures all batches of a text, in the order of the SAEs. */
  public List<SaeStatistics> run(TextBatches text, Progress progress) {
    List<SaeStatistics> all =
        saes.stream()
            .map(sae -> new SaeStatistics(sae.location().shortName(), sae.features(), sae.width()))
            .toList();
    Iterator<Batch> batches = text.batches();
    for (int done = 0; ; done++) {
      progress.step(done, Math.max(text.count(), done));
      try (Scope scope = Scope.open()) {
        if (!batches.hasNext()) {
          return all;
        }
        int shown = done;
        measure(batches.next(), all, () -> progress.step(shown, Math.max(text.count(), shown + 1)));
      }
    }
  }

  /** Adds one batch to the statistics of each SAE. */
  private void measure(Batch batch, List<SaeStatistics> all, Runnable poll) {
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
      addVectors(sae, cells, clean.get(sae.location()), statistics);
      for (Replacement replacement : replacements) {
        if (replacement != Replacement.NONE) {
          poll.run();
          try (Scope scope = Scope.open()) {
            Hooks hooks = Hooks.none().edit(edit(sae, replacement, cells));
            statistics.add(
                replacement, predictions.of(model.forward(batch.tokens(), hooks).logits()));
          }
        }
      }
    }
  }

  private static void addVectors(Sae sae, Cells cells, Tensor values, SaeStatistics statistics) {
    int step = Math.max(1, LARGEST / sae.features());
    for (int from = 0; from < cells.size(); from += step) {
      try (Scope scope = Scope.open()) {
        Cells some = cells.slice(from, Math.min(cells.size(), from + step));
        statistics.add(vectors(sae, sae.flatten(some.take(values))));
      }
    }
  }

  /** The true places of a batch, each listed: filling is no part of any mean. */
  static Cells cells(Batch batch) {
    return Where.everywhere().in(batch).listed(batch);
  }

  private Edit edit(Sae sae, Replacement replacement, Cells cells) {
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
                case MEAN -> mean(sae, vectors);
                case NONE -> throw new IllegalArgumentException("nothing is replaced");
              });
        });
  }

  private Tensor mean(Sae sae, Tensor vectors) {
    Tensor mean = Tensor.of(means.at(sae.location()), 1, sae.width());
    return mean.expand(vectors.size(0), sae.width()).reshape(vectors.shape());
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
    private final Tensor logits;
    private final ReplacementLoss clean;

    Predictions(Batch batch, Tensor logits) {
      this.batch = batch;
      this.logits = logits;
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
      this.clean = new ReplacementLoss(count, loss(logits), 0);
    }

    ReplacementLoss clean() {
      return clean;
    }

    ReplacementLoss of(Tensor others) {
      Tensor divergences = Kernels.call("next_token_divergences", logits, others);
      return new ReplacementLoss(count, loss(others), sum(divergences));
    }

    private double loss(Tensor some) {
      return sum(Kernels.call("next_token_losses", some, batch.tokens()));
    }

    private double sum(Tensor ofPlaces) {
      return ofPlaces.mul(mask).toDoubles().sum().item();
    }
  }
}
