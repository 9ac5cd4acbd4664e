package org.zlens.engine.measure;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SparseActivations;

/**
 * A sample of an SAE's live features, and places where each is active: the strongest, and some from
 * its whole range (paper-spec D-Table1, E.1).
 *
 * <p>A feature is live if it is active at one place in 100,000 or more. The same seed and text give
 * the same features and places.
 */
public final class LiveExamples {
  /** Features that are active more rarely are not rated (paper-spec C.4). */
  public static final double LIVE = 1e-5;

  private LiveExamples() {}

  /**
   * A feature of the sample.
   *
   * @param feature index in its SAE
   * @param frequency share of the tokens at which it is active
   * @param strongest its strongest places, falling
   * @param anywhere places drawn from the others at which it is active, falling
   */
  public record Shown(
      int feature, double frequency, List<Example> strongest, List<Example> anywhere) {}

  /**
   * A sample of features, in the order of their numbers.
   *
   * @param tokens of the text
   * @param live number of the features from which it was drawn
   * @param features by rising index
   */
  public record Sample(long tokens, int live, List<Shown> features) {}

  /**
   * Draws a sample; the text is read twice. Fewer live features than asked for are all taken.
   *
   * @param text each batch made in a native scope of its own
   */
  public static Sample of(
      Transformer model, Sae sae, TextBatches text, int count, long seed, Progress progress) {
    long[] fired = new long[sae.features()];
    long[] tokens = {0};
    each(
        model,
        sae,
        text,
        pass(progress, 0),
        (vectors, ids) -> {
          tokens[0] += ids.length;
          SparseActivations acts = sae.encodeSparse(vectors);
          for (int at = 0; at < ids.length; at++) {
            for (int feature : acts.features(at)) {
              fired[feature]++;
            }
          }
        });
    int[] live =
        IntStream.range(0, fired.length)
            .filter(i -> fired[i] > 0 && fired[i] >= LIVE * tokens[0])
            .toArray();
    List<Places> drawn =
        Arrays.stream(drawn(live, count, seed)).mapToObj(i -> new Places(i, seed)).toList();
    if (!drawn.isEmpty()) {
      int[] features = drawn.stream().mapToInt(Places::feature).toArray();
      each(
          model,
          sae,
          text,
          pass(progress, 1),
          (vectors, ids) -> {
            float[] acts = sae.encode(vectors, features).floats();
            for (int i = 0; i < features.length; i++) {
              float[] own = new float[ids.length];
              for (int at = 0; at < own.length; at++) {
                own[at] = acts[at * features.length + i];
              }
              drawn.get(i).add(ids, own);
            }
          });
    }
    return new Sample(
        tokens[0],
        live.length,
        drawn.stream().map(one -> one.shown(fired[one.feature()] / (double) tokens[0])).toList());
  }

  /** Progress of the first or the second of two passes. */
  private static Progress pass(Progress progress, int before) {
    return (done, total) -> progress.step(before * total + done, 2 * total);
  }

  /** So many of the live features, drawn with a seed, rising. */
  static int[] drawn(int[] live, int count, long seed) {
    int[] all = live.clone();
    SplittableRandom random = new SplittableRandom(seed);
    int most = Math.min(count, all.length);
    for (int i = 0; i < most; i++) {
      int other = i + random.nextInt(all.length - i);
      int moved = all[i];
      all[i] = all[other];
      all[other] = moved;
    }
    int[] drawn = Arrays.copyOf(all, most);
    Arrays.sort(drawn);
    return drawn;
  }

  /** Takes the vectors {@code [pos, d_in]} of a row of text. */
  @FunctionalInterface
  private interface RowVisitor {
    void visit(Tensor vectors, int[] ids);
  }

  /** Row by row, since the activations of a wide SAE on a whole batch would not fit. */
  private static void each(
      Transformer model, Sae sae, TextBatches text, Progress progress, RowVisitor visitor) {
    Hooks hooks = Hooks.none().capture(sae.location()).withoutLogits();
    Iterator<Batch> batches = text.batches();
    for (int done = 0; ; done++) {
      progress.step(done, Math.max(text.count(), done));
      try (Scope scope = Scope.open()) {
        if (!batches.hasNext()) {
          return;
        }
        Batch batch = batches.next();
        Tensor values = model.forward(batch.tokens(), hooks).get(sae.location());
        long[] ids = batch.tokens().longs();
        for (int row = 0; row < batch.rows(); row++) {
          int length = batch.lengths()[row];
          int start = row * batch.positions();
          try (Scope one = Scope.open()) {
            Tensor own = sae.flatten(values.slice(0, row, row + 1)).select(0, 0);
            visitor.visit(
                own.slice(0, 0, length),
                Arrays.stream(ids, start, start + length).mapToInt(Math::toIntExact).toArray());
          }
        }
      }
    }
  }
}
