package org.zlens.engine.intervene;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.zlens.engine.TensorAssert.assertClose;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** Features and error terms that take values of other places, against encoding and decoding all. */
class SpliceReplacementTest {
  private static final int[] LENGTHS = {9, 7, 8};

  private RandomModel random;
  private Scope scope;
  private Batch batch;

  @BeforeEach
  void open() {
    random = RandomModel.processed(13).withSaes(40);
    scope = Scope.open();
    batch = new Batch(random.tokens(3, 9), LENGTHS);
  }

  @AfterEach
  void close() {
    scope.close();
    random.close();
  }

  /** Activations {@code [row][position][feature]} and error terms of a pass, number by number. */
  private static double[][][] numbers(Tensor values) {
    float[] all = values.floats();
    int width = (int) (all.length / values.size(0) / values.size(1));
    double[][][] result = new double[(int) values.size(0)][(int) values.size(1)][width];
    for (int i = 0; i < all.length; i++) {
      int place = i / width;
      result[place / result[0].length][place % result[0].length][i % width] = all[i];
    }
    return result;
  }

  private static float[] flat(double[][][] numbers) {
    double[] all =
        Arrays.stream(numbers).flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray();
    float[] floats = new float[all.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) all[i];
    }
    return floats;
  }

  private Tensor slow(Sae sae, Tensor x, double[][][] acts, double[][][] errors) {
    Tensor decoded = sae.decode(Tensor.of(flat(acts), 3, 9, sae.features())).reshape(x.shape());
    Tensor whole = decoded.add(Tensor.of(flat(errors), x.shape()));
    Edit edit = new Edit(sae.location(), "slow splice", Edit.Effect.MAY_CHANGE, z -> whole);
    return random.model().forward(batch.tokens(), Hooks.none().edit(edit)).logits();
  }

  private Tensor fast(Activations clean, Intervention... together) {
    Hooks hooks = Hooks.none();
    for (Intervention one : together) {
      hooks = hooks.edit(one.edits(clean, batch));
    }
    return random.model().forward(batch.tokens(), hooks).logits();
  }

  private static void close(String what, Tensor actual, Tensor expected) {
    for (int row = 0; row < LENGTHS.length; row++) {
      assertClose(
          what + ", row " + row,
          actual.select(0, row).slice(0, 0, LENGTHS[row]).floats(),
          expected.select(0, row).slice(0, 0, LENGTHS[row]).floats(),
          1e-4);
    }
  }

  @Test
  void featuresAndErrorsTakeValuesPlaceByPlace() {
    Random draw = new Random(2);
    for (int turn = 0; turn < 40; turn++) {
      try (Scope turnScope = Scope.open()) {
        int layer = draw.nextInt(3);
        boolean residual = draw.nextBoolean();
        Sae sae = residual ? random.saes().residual(layer) : random.saes().attention(layer);
        Activations clean =
            random.model().forward(batch.tokens(), Hooks.none().capture(sae.location()));
        Tensor x = clean.get(sae.location());
        List<int[]> places =
            Arrays.stream(LENGTHS)
                .mapToObj(
                    n -> IntStream.range(0, n).filter(p -> p % 3 == draw.nextInt(3) || p == 4))
                .map(IntStream::toArray)
                .toList();
        int[] partners = {1 + draw.nextInt(2), 2 * draw.nextInt(2), draw.nextInt(2)};
        boolean mean = draw.nextBoolean();
        List<int[]> ends =
            places.stream().map(p -> Arrays.stream(p).map(q -> q % 7).toArray()).toList();
        PositionMap map = PositionMap.shifted(ends, 0, LENGTHS);
        List<int[]> each =
            IntStream.range(0, 3)
                .mapToObj(p -> mean ? new int[] {0, 1, 2} : new int[] {partners[p]})
                .toList();
        Replacement rule = Replacement.mean(Counterparts.mean(places, each, map));
        int feature = draw.nextInt(40);
        int other = (feature + 7) % 40;
        double[][][] acts = numbers(sae.encode(x));
        double[][][] cleanActs = numbers(sae.encode(x));
        double[][][] errors = numbers(sae.error(x));
        double[][][] cleanErrors = numbers(sae.error(x));
        for (int row = 0; row < 3; row++) {
          for (int p : places.get(row)) {
            int q = p % 7;
            int[] from = each.get(row);
            for (int f : new int[] {feature, other}) {
              acts[row][p][f] =
                  Arrays.stream(from).mapToDouble(o -> cleanActs[o][q][f]).average().orElseThrow();
            }
            for (int i = 0; i < errors[row][p].length; i++) {
              int at = i;
              errors[row][p][i] =
                  Arrays.stream(from)
                      .mapToDouble(o -> cleanErrors[o][q][at])
                      .average()
                      .orElseThrow();
            }
          }
        }
        Where where = Where.rows(places);
        Intervention features =
            new FeatureReplacement(sae, List.of(feature, other), rule.from(x), where);
        Intervention error = new ErrorEdit(sae, rule, where);
        Hooks may = Hooks.none();
        for (Intervention one : List.of(features, error)) {
          may = may.edit(one.edits(clean, batch, Edit.Effect.MAY_CHANGE));
        }
        Tensor together = random.model().forward(batch.tokens(), may).logits();
        close("both", together, slow(sae, x, acts, errors));
        close("error", fast(clean, error), slow(sae, x, cleanActs, errors));
      }
    }
  }

  @Test
  void errorTermsAreScaled() {
    Sae sae = random.saes().attention(1);
    Activations clean =
        random.model().forward(batch.tokens(), Hooks.none().capture(sae.location()));
    Tensor x = clean.get(sae.location());
    double[][][] errors = numbers(sae.error(x));
    int[] at = {3, 6, 0};
    for (int row = 0; row < 3; row++) {
      for (int i = 0; i < errors[row][at[row]].length; i++) {
        errors[row][at[row]][i] *= 2.5;
      }
    }
    Intervention scaled = new ErrorEdit(sae, new SiteRule.Scale(2.5), Where.each(at));
    close("scaled", fast(clean, scaled), slow(sae, x, numbers(sae.encode(x)), errors));
    Intervention zero = new ErrorEdit(sae, new SiteRule.Zero(), Where.each(at));
    close("zero", fast(clean, zero), fast(clean, new ErrorAblation(sae, Where.each(at))));
  }

  @Test
  void aReplacementByWhatIsThereAlreadyIsNoPatch() {
    Sae sae = random.saes().attention(1);
    List<int[]> places = List.of(new int[] {3}, new int[] {6}, new int[] {0});
    Activations clean =
        random.model().forward(batch.tokens(), Hooks.none().capture(sae.location()));
    Replacement same = Replacement.patch(clean.get(sae.location()), Counterparts.own(places));
    SiteEdit patch = new SiteEdit(Target.of(sae.location()), same, Where.rows(places));
    assertThatThrownBy(() -> fast(clean, patch))
        .isInstanceOf(ZlensException.class)
        .hasMessage("patch L1.z changed nothing");
  }
}
