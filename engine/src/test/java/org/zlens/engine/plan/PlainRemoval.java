package org.zlens.engine.plan;

import java.util.List;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.JointChange;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** A removal by a whole pass over all prompts with one edit in it. */
public final class PlainRemoval {
  private PlainRemoval() {}

  /** What stands at the places that a removal looks at, {@code [read][d]}. */
  public static float[][] vectors(Transformer model, Batch batch, Removal removal) {
    try (Scope scope = Scope.open()) {
      Edit edit =
          new Edit(
              removal.location(),
              "remove",
              Edit.Effect.MUST_CHANGE,
              values -> {
                float[] all = values.floats();
                int width = removal.vector().length;
                long place = removal.row() * values.size(1) + removal.position();
                for (int i = 0; i < width; i++) {
                  all[(int) place * width + i] -= removal.vector()[i];
                }
                return Tensor.of(all, values.shape());
              });
      List<Location> read =
          removal.reads().stream().map(Removal.Read::location).distinct().toList();
      Hooks hooks = Hooks.none().edit(edit).capture(read.toArray(Location[]::new));
      Activations pass = model.forward(batch.tokens(), hooks);
      float[][] vectors = new float[removal.reads().size()][];
      for (int i = 0; i < vectors.length; i++) {
        Removal.Read one = removal.reads().get(i);
        Tensor values =
            pass.joint(one.location()).map(JointChange.Left::came).orElse(pass.get(one.location()));
        vectors[i] = values.select(0, removal.row()).select(0, one.position()).copy().floats();
      }
      return vectors;
    }
  }
}
