package org.zlens.engine.measure;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * The mean of the vectors that SAEs read over all tokens of a text, as sums, so that those of the
 * parts of a text add up to the whole.
 */
public final class SiteMeans {
  private final Map<Location, double[]> sums = new LinkedHashMap<>();
  private long tokens;

  /** Means of nothing yet at the sites of some SAEs. */
  public SiteMeans(Collection<Sae> saes) {
    saes.forEach(sae -> sums.put(sae.location(), new double[sae.width()]));
  }

  private SiteMeans(SiteMeans like) {
    like.sums.forEach((at, sum) -> sums.put(at, new double[sum.length]));
  }

  /** The means over a text, all SAEs on the same passes. */
  public static SiteMeans of(
      Transformer model, List<Sae> saes, TextBatches text, Progress progress) {
    SiteMeans means = new SiteMeans(saes);
    Set<Location> sites = new LinkedHashSet<>(means.sums.keySet());
    Hooks hooks = Hooks.none().capture(sites.toArray(Location[]::new)).withoutLogits();
    Iterator<Batch> batches = text.batches();
    for (int done = 0; ; done++) {
      progress.step(done, Math.max(text.count(), done));
      try (Scope scope = Scope.open()) {
        if (!batches.hasNext()) {
          return means;
        }
        Batch batch = batches.next();
        means.add(saes, batch, model.forward(batch.tokens(), hooks));
      }
    }
  }

  private void add(List<Sae> saes, Batch batch, Activations clean) {
    for (Sae sae : saes) {
      Tensor vectors = sae.flatten(SaeEvaluation.cells(batch).take(clean.get(sae.location())));
      add(sae.location(), vectors.toDoubles().sum(0L).doubles());
    }
    for (int length : batch.lengths()) {
      tokens += length;
    }
  }

  private void add(Location at, double[] some) {
    double[] sum = sums.get(at);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += some[i];
    }
  }

  /** The sums of two parts of a text; neither part is changed. */
  public SiteMeans plus(SiteMeans other) {
    if (!sums.keySet().equals(other.sums.keySet())) {
      throw new ZlensException(Kind.TYPE, "means at different sites cannot be put together", null);
    }
    SiteMeans all = new SiteMeans(this);
    sums.forEach(all::add);
    other.sums.forEach(all::add);
    all.tokens = tokens + other.tokens;
    return all;
  }

  /** The mean at a site, {@code [width]}. */
  public float[] at(Location site) {
    double[] sum = sums.get(site);
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / tokens);
    }
    return mean;
  }
}
