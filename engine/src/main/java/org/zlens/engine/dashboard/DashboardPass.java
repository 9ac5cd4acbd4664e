package org.zlens.engine.dashboard;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.SourceContributions;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.SaeReading;
import org.zlens.engine.measure.Proxy;
import org.zlens.engine.measure.TextBatches;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SparseActivations;

/**
 * One reading of a text that fills the statistics of all features of some SAEs; the model runs once
 * on each batch, up to the last of their layers.
 *
 * <p>Filling at the end of rows does not count, nor does the beginning-of-text token wherever it
 * stands.
 */
public final class DashboardPass {
  private final Transformer model;
  private final List<Sae> saes;
  private final long seed;
  private final OptionalInt bos;
  private final Optional<Proxy> proxy;

  /**
   * A pass to be made.
   *
   * @param model perhaps under edits in force, but for those that set features
   * @param seed of what is drawn
   * @param bos the token that does not count
   * @param proxy what features are compared with
   */
  public DashboardPass(
      Transformer model, List<Sae> saes, long seed, OptionalInt bos, Optional<Proxy> proxy) {
    this.model = model;
    this.saes = List.copyOf(saes);
    this.seed = seed;
    this.bos = bos;
    this.proxy = proxy;
  }

  /** The SAEs, in the order of what {@link #run} gives. */
  public List<Sae> saes() {
    return saes;
  }

  /** Bytes that the statistics of an SAE take, and what the reading of its sources takes. */
  public static long bytes(Sae sae, boolean proxied) {
    boolean attributed = isAttributed(sae);
    return FeatureStatistics.bytes(sae.features(), attributed, proxied)
        + (attributed ? SourceContributions.bytes(sae) : 0);
  }

  private static boolean isAttributed(Sae sae) {
    return sae.location().site() == Site.Z;
  }

  /** Statistics of nothing, as this pass fills them. */
  FeatureStatistics blank(Sae sae) {
    return new FeatureStatistics(sae.features(), seed, isAttributed(sae), proxy.isPresent());
  }

  /**
   * Reads a text.
   *
   * @param text each batch made in a native scope of its own
   * @param record where the statistics are kept while the pass is under way
   * @return the statistics of each SAE
   */
  public List<FeatureStatistics> run(TextBatches text, PassRecord record, Progress progress) {
    List<FeatureStatistics> all = record.begin(this);
    long before = record.batches();
    try (Scope directions = Scope.open()) {
      List<Optional<SourceContributions>> sources = saes.stream().map(this::sources).toList();
      Iterator<Batch> batches = text.batches();
      long row = 0;
      for (long done = 0; ; done++) {
        if (done > before) {
          record.save(all, done);
        }
        long read = done;
        Runnable keep = () -> keep(record, all, read, before);
        stoppable(keep, () -> step(progress, read, text.count()));
        try (Scope scope = Scope.open()) {
          if (!batches.hasNext()) {
            record.finish(all, Math.max(before, done));
            return all;
          }
          Batch batch = batches.next();
          if (done >= before) {
            // Nothing ends the filling of the statistics half way: only the model asks.
            Activations pass = stoppable(keep, () -> forward(batch));
            add(batch, row, pass, all, sources);
          }
          row += batch.rows();
        }
      }
    }
  }

  private static boolean step(Progress progress, long done, int count) {
    progress.step(done, Math.max(count, done));
    return true;
  }

  /** What was read is kept when the pass is ended by the user. */
  private static <T> T stoppable(Runnable keep, Supplier<T> work) {
    try {
      return work.get();
    } catch (ZlensException e) {
      if (e.kind() == Kind.INTERRUPTED) {
        keep.run();
      }
      throw e;
    }
  }

  private static void keep(PassRecord record, List<FeatureStatistics> all, long done, long before) {
    if (done > before) {
      record.interrupt(all, done);
    }
  }

  private Optional<SourceContributions> sources(Sae sae) {
    return isAttributed(sae)
        ? Optional.of(new SourceContributions(sae, model.config()))
        : Optional.empty();
  }

  /** The statistics of the rows of one batch, the first of them with a number in the text. */
  List<FeatureStatistics> part(Batch batch, long row) {
    List<FeatureStatistics> all = saes.stream().map(this::blank).toList();
    try (Scope scope = Scope.open()) {
      add(batch, row, forward(batch), all, saes.stream().map(this::sources).toList());
    }
    return all;
  }

  private Activations forward(Batch batch) {
    return model.forward(batch.tokens(), hooks(saes));
  }

  /** What a pass for some SAEs keeps of the model. */
  public static Hooks hooks(Collection<Sae> saes) {
    Hooks hooks = Hooks.none().withoutLogits();
    for (Sae sae : saes) {
      hooks =
          isAttributed(sae)
              ? SourceContributions.capture(hooks, sae.location().layer())
              : hooks.capture(sae.location());
    }
    return hooks;
  }

  private void add(
      Batch batch,
      long row,
      Activations pass,
      List<FeatureStatistics> all,
      List<Optional<SourceContributions>> sources) {
    PassPlaces places = new PassPlaces(batch, row, bos, proxy);
    for (int i = 0; i < saes.size(); i++) {
      SaeReading reading = SaeReading.of(saes.get(i), pass);
      if (reading.hasEdits()) {
        throw new ZlensException(
            Kind.RUNTIME,
            "edits in force set features of " + saes.get(i),
            "make dashboards outside of the 'with' block: they show what the encoder reads");
      }
      try (Scope scope = Scope.open()) {
        SparseActivations acts = saes.get(i).encodeSparse(reading.came());
        places.add(all.get(i), acts);
        places.show(all.get(i), acts, pass, sources.get(i));
      }
    }
  }
}
