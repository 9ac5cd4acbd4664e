package org.zlens.engine.intervene;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.zlens.engine.TensorAssert.assertClose;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.PathPatch.Through;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** Path patching against the algebra of the paths, and against passes put together by hand. */
class PathPatchTest {
  private static final int WIDTH = 6;

  private static RandomModel model(String kind) {
    return switch (kind) {
      case "processed" -> RandomModel.processed(21).withSaes(40);
      case "grouped" -> RandomModel.grouped(21).withSaes(40);
      case "gemma" -> RandomModel.gemma(21).withSaes(40);
      case "gemma2" -> RandomModel.gemma2(21).withSaes(40);
      case "llama" -> RandomModel.llama(21).withSaes(40);
      case "neox" -> RandomModel.neox(21);
      default -> RandomModel.raw(21);
    };
  }

  private static Tensor run(Transformer model, Batch batch, List<Intervention> patches) {
    Hooks hooks = Hooks.none();
    for (Intervention one : patches) {
      hooks = hooks.edit(one.edits(null, batch));
    }
    return model.forward(batch.tokens(), hooks).logits();
  }

  private static Edit put(Location location, Tensor values) {
    return new Edit(location, "by hand", Edit.Effect.MAY_CHANGE, x -> values);
  }

  /**
   * A change of z at one place, written out: what it adds to the stream goes through the clean norm
   * and the weights of the receiving heads, nothing else does.
   */
  @ParameterizedTest
  @ValueSource(strings = {"processed", "grouped", "raw"})
  void theDirectPathIsLinear(String kind) {
    try (RandomModel random = model(kind);
        Scope scope = Scope.open()) {
      Transformer model = random.model();
      Batch batch = Batch.of(random.tokens(2, 7));
      Location z = Location.of(Site.Z, 0);
      Location v = Location.of(Site.V, 2);
      Location scale = Location.of(Site.LN1_SCALE, 2);
      Activations clean = model.forward(batch.tokens(), Hooks.none().capture(z, v, scale));
      int[] at = {3, 5};
      int head = 1;
      Intervention change =
          new SiteEdit(Target.of(Site.Z, 0, head), new SiteRule.Zero(), Where.each(at));
      int receiver = clean.get(v).size(2) == 2 ? 1 : 3;
      Target into = Target.of(Site.V, 2, receiver);
      Tensor actual =
          run(
              model,
              batch,
              PathPatch.of(model, batch, List.of(change), List.of(into), Through.NOTHING, false));

      float[] values = clean.get(v).floats();
      for (int row = 0; row < 2; row++) {
        double[] added = added(model, clean.get(z).floats(), (row * 7 + at[row]) * 24, head);
        double sigma = clean.get(scale).floats()[row * 7 + at[row]];
        int from = ((row * 7 + at[row]) * (int) clean.get(v).size(2) + receiver) * WIDTH;
        double[] arrived = arrived(model.weights().blocks().get(2), added, sigma, receiver);
        for (int i = 0; i < WIDTH; i++) {
          values[from + i] += (float) arrived[i];
        }
      }
      Tensor whole = Tensor.of(values, clean.get(v).shape());
      Tensor expected = model.forward(batch.tokens(), Hooks.none().edit(put(v, whole))).logits();
      assertClose(kind, actual.floats(), expected.floats(), 1e-4);
    }
  }

  /** Minus what a head writes: {@code -z_h W_O}. */
  private static double[] added(Transformer model, float[] z, int from, int head) {
    float[] out = model.weights().blocks().get(0).wO().floats();
    int d = model.config().dModel();
    double[] added = new double[d];
    for (int c = 0; c < WIDTH; c++) {
      for (int j = 0; j < d; j++) {
        added[j] -= z[from + head * WIDTH + c] * out[(head * WIDTH + c) * d + j];
      }
    }
    return added;
  }

  private static double[] arrived(BlockWeights block, double[] added, double sigma, int head) {
    float[] read = block.wV().floats();
    float[] gain = block.ln1Gain() == null ? null : block.ln1Gain().floats();
    double mean = Arrays.stream(added).average().orElseThrow();
    int columns = read.length / added.length;
    double[] arrived = new double[WIDTH];
    for (int j = 0; j < added.length; j++) {
      double normed = (added[j] - mean) / sigma * (gain == null ? 1 : gain[j]);
      for (int i = 0; i < WIDTH; i++) {
        arrived[i] += normed * read[j * columns + head * WIDTH + i];
      }
    }
    return arrived;
  }

  @ParameterizedTest
  @ValueSource(strings = {"processed", "grouped", "raw", "gemma", "gemma2", "llama", "neox"})
  void otherPathsEqualPassesPutTogetherByHand(String kind) {
    try (RandomModel random = model(kind);
        Scope scope = Scope.open()) {
      Transformer model = random.model();
      Batch batch = new Batch(random.tokens(2, 8), new int[] {8, 6});
      Where where = Where.each(2, 3);
      Intervention change = change(random, batch, where);
      int shared = Math.min(1, model.config().keyValueHeads() - 1);
      List<Target> into = List.of(Target.of(Site.Q, 2, 0, 3), Target.of(Site.K, 1, shared));
      Location attention = Location.of(Site.ATTN_OUT, 1);
      Location mlp = Location.of(Site.MLP_OUT, 0);
      Location mlp1 = Location.of(Site.MLP_OUT, 1);
      Location q = Location.of(Site.Q, 2);
      Location k = Location.of(Site.K, 1);
      Activations clean =
          model.forward(batch.tokens(), Hooks.none().capture(attention, mlp, mlp1, q, k));
      for (Through through : Through.values()) {
        Hooks first = Hooks.none().capture(q, k).edit(change.edits(clean, batch));
        if (through != Through.ALL) {
          first = first.edit(put(attention, clean.get(attention)));
        }
        if (through == Through.NOTHING) {
          first = first.edit(put(mlp, clean.get(mlp))).edit(put(mlp1, clean.get(mlp1)));
        }
        Activations arrived = model.forward(batch.tokens(), first);
        Tensor expected =
            model
                .forward(
                    batch.tokens(),
                    Hooks.none()
                        .edit(heads(k, arrived.get(k), shared))
                        .edit(heads(q, arrived.get(q), 0, 3)))
                .logits();
        Tensor actual =
            run(model, batch, PathPatch.of(model, batch, List.of(change), into, through, true));
        for (int row = 0; row < 2; row++) {
          int length = batch.lengths()[row];
          assertClose(
              kind + " " + through,
              actual.select(0, row).slice(0, 0, length).floats(),
              expected.select(0, row).slice(0, 0, length).floats(),
              1e-4);
        }
      }
    }
  }

  private static Intervention change(RandomModel random, Batch batch, Where where) {
    if (random.model().config().norm() == NormKind.LAYER_NORM) {
      return new SiteEdit(Target.of(Site.Z, 0, 2), new SiteRule.Scale(-1), where);
    }
    Sae sae = random.saes().attention(0);
    int feature = Sweep.activity(random.model(), sae, batch, where).get(0).feature();
    return FeatureAblation.of(sae, feature, where);
  }

  /** Some heads of a site take the values of another pass. */
  private static Edit heads(Location location, Tensor other, int... heads) {
    return new Edit(
        location,
        "by hand",
        Edit.Effect.MAY_CHANGE,
        x -> {
          float[] values = x.floats();
          float[] others = other.floats();
          int count = (int) x.size(2);
          for (int i = 0; i < values.length; i++) {
            for (int head : heads) {
              if (i / WIDTH % count == head) {
                values[i] = others[i];
              }
            }
          }
          return Tensor.of(values, x.shape());
        });
  }

  @Test
  void pathsThatLeadNowhereAreRefused() {
    try (RandomModel random = model("processed");
        Scope scope = Scope.open()) {
      Transformer model = random.model();
      Batch batch = Batch.of(random.tokens(2, 7));
      Intervention change = SiteEdit.zero(Location.of(Site.ATTN_OUT, 1), Where.each(2, 3));
      Intervention other = SiteEdit.zero(Location.of(Site.MLP_OUT, 0), Where.each(2, 3));
      refused(model, batch, List.of(change), Target.of(Site.V, 1, 0), "comes before what is");
      refused(model, batch, List.of(change), Target.of(Site.Z, 2, 0), "is no input of heads");
      refused(model, batch, List.of(change, other), Target.of(Site.V, 2, 0), "in several blocks");
    }
  }

  private static void refused(
      Transformer model, Batch batch, List<Intervention> change, Target into, String message) {
    assertThatThrownBy(
            () -> PathPatch.of(model, batch, change, List.of(into), Through.NOTHING, false))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining(message);
  }
}
