package org.zlens.engine.plan;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.Predictions;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * The reference: for each intervention one pass over all positions of all prompts, with all logits.
 */
final class PlainSweep {
  private PlainSweep() {}

  /** Changed minus clean for each intervention and prompt. */
  static List<double[]> effects(
      Transformer model, Batch batch, Metric metric, List<? extends Intervention> each) {
    List<double[]> all = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      Location[] reads =
          each.stream().flatMap(one -> one.reads().stream()).distinct().toArray(Location[]::new);
      Activations clean = model.forward(batch.tokens(), Hooks.none().capture(reads));
      Tensor reading = metric.read(batch, Predictions.of(clean.logits()));
      double[] before = metric.score(reading, reading);
      for (Intervention one : each) {
        Hooks hooks = Hooks.none().edit(one.edits(clean, batch));
        Activations changed = model.forward(batch.tokens(), hooks);
        double[] effects =
            metric.score(metric.read(batch, Predictions.of(changed.logits())), reading);
        for (int row = 0; row < effects.length; row++) {
          effects[row] -= before[row];
        }
        all.add(effects);
      }
    }
    return all;
  }
}
