package org.zlens.engine.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * Whether features behave as induction features: silent before a token that they favour when the
 * pair of it and the token before it is new in the text, active when the pair comes again
 * (paper-spec appendix F).
 *
 * <p>The token of a feature is the one that its direct logit effect favours most. Of the paper's
 * two conditions the second alone enters the pass rate; how often the first holds stands beside it.
 * A pair counts as new in each row by itself. These are counts, so those of the parts of a text add
 * up to the whole.
 */
public final class InductionBehaviour {
  /** Above this share of the repeats a feature passes. */
  public static final double PASS = 0.6;

  private final Sae sae;
  private final int[] features;
  private final int[] favourites;
  private final List<List<Integer>> byToken;
  private final long[] repeats;
  private final long[] fired;
  private final long[] firsts;
  private final long[] silent;

  /**
   * Counts of a feature.
   *
   * @param feature its index
   * @param token the token that it favours most
   * @param repeats places before its token where the pair came again
   * @param fired those of them at which it was active
   * @param firsts places before its token where the pair was new
   * @param silent those of them at which it was not active
   */
  public record Score(int feature, int token, long repeats, long fired, long firsts, long silent) {
    /** Share of the repeats at which it was active; NaN if nothing was repeated. */
    public double passRate() {
      return fired / (double) repeats;
    }

    /** Whether it passes; without repeats it does not. */
    public boolean passes() {
      return passRate() > PASS;
    }
  }

  private InductionBehaviour(Transformer model, Sae sae, int[] features) {
    this.sae = sae;
    this.features = features.clone();
    this.favourites =
        Arrays.stream(FavouredTokens.of(model, sae, 1, features).favoured())
            .mapToInt(tokens -> tokens[0])
            .toArray();
    this.byToken = new ArrayList<>();
    for (int token = 0; token < model.config().dVocab(); token++) {
      byToken.add(List.of());
    }
    for (int i = 0; i < features.length; i++) {
      List<Integer> all = new ArrayList<>(byToken.get(favourites[i]));
      all.add(i);
      byToken.set(favourites[i], all);
    }
    this.repeats = new long[features.length];
    this.fired = new long[features.length];
    this.firsts = new long[features.length];
    this.silent = new long[features.length];
  }

  /**
   * Counts over a text, in the order of the features.
   *
   * @param batches each made in a native scope of its own
   * @param count how many batches come, for the progress; 0 if that is not known
   * @throws ZlensException if no feature is given, or the SAE lacks one
   */
  public static List<Score> of(
      Transformer model,
      Sae sae,
      int[] features,
      Iterator<Batch> batches,
      int count,
      Progress progress) {
    if (features.length == 0) {
      throw new ZlensException(Kind.USAGE, "no feature is given to test", null);
    }
    try (Scope outer = Scope.open()) {
      InductionBehaviour counts = new InductionBehaviour(model, sae, features);
      for (int done = 0; ; done++) {
        progress.step(done, Math.max(count, done));
        try (Scope scope = Scope.open()) {
          if (!batches.hasNext()) {
            return counts.scores();
          }
          counts.add(model, batches.next());
        }
      }
    }
  }

  private void add(Transformer model, Batch batch) {
    Hooks hooks = Hooks.none().capture(sae.location()).withoutLogits();
    Tensor values = model.forward(batch.tokens(), hooks).get(sae.location());
    float[] acts = sae.encode(values, features).floats();
    long[] tokens = batch.tokens().longs();
    int positions = batch.positions();
    for (int row = 0; row < batch.rows(); row++) {
      Set<Long> seen = new HashSet<>();
      for (int position = 0; position + 1 < batch.lengths()[row]; position++) {
        int at = row * positions + position;
        long next = tokens[at + 1];
        boolean isNew = seen.add(tokens[at] << Integer.SIZE | next);
        for (int i : byToken.get((int) next)) {
          count(i, isNew, acts[at * features.length + i] > 0);
        }
      }
    }
  }

  private void count(int i, boolean isNew, boolean active) {
    if (isNew) {
      firsts[i]++;
      silent[i] += active ? 0 : 1;
    } else {
      repeats[i]++;
      fired[i] += active ? 1 : 0;
    }
  }

  private List<Score> scores() {
    List<Score> scores = new ArrayList<>();
    for (int i = 0; i < features.length; i++) {
      scores.add(new Score(features[i], favourites[i], repeats[i], fired[i], firsts[i], silent[i]));
    }
    return scores;
  }
}
