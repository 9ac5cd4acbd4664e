package org.zlens.engine.intervene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Firing;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.InForce;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.Continuation;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Window;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * How a model goes on from a prompt, token by token.
 *
 * @param most how many new tokens at most
 * @param temperature what logits are divided by before a draw; 0 takes the most likely token
 * @param topK how many of the most likely tokens a draw is among; 0 for all
 * @param seed where the draws start; each prompt draws by itself
 * @param ends the tokens after which nothing follows
 */
public record Generation(int most, double temperature, int topK, long seed, Set<Integer> ends) {
  /** Checks that there is something to do. */
  public Generation {
    ends = Set.copyOf(ends);
    if (most < 1 || !(temperature >= 0) || topK < 0) {
      throw new IllegalArgumentException(
          most + " tokens, temperature " + temperature + ", top " + topK);
    }
  }

  /** The most likely tokens. */
  public static Generation greedy(int most) {
    return new Generation(most, 0, 0, 0, Set.of());
  }

  /** The batch that a pass over prompts and what followed them so far runs. */
  @FunctionalInterface
  public interface Growth {
    /**
     * Makes it in the open scope; edits find their places in it, those at every position also in
     * the new tokens.
     *
     * @param first number of the first of these prompts in their set
     * @param ids the tokens so far of prompts side by side in the set
     * @param rows which of them run
     */
    Batch of(int first, int[][] ids, int[] rows);
  }

  /**
   * The new tokens after prompts that go on together; each ends by itself.
   *
   * @param first number of the first of these prompts in their set
   * @return of each at most {@code most} ids, with the end token if that came
   * @throws ZlensException of kind RUNTIME if they do not fit the context
   */
  public int[][] of(Transformer model, int[][] prompts, int first, Growth growth) {
    for (int row = 0; row < prompts.length; row++) {
      requireRoom(model.config().context(), prompts[row].length, first + row);
    }
    if (!takesWholePasses(model)) {
      return together(model, prompts, first, growth);
    }
    int[][] made = new int[prompts.length][];
    for (int row = 0; row < prompts.length; row++) {
      made[row] = together(model, new int[][] {prompts[row]}, first + row, growth)[0];
    }
    return made;
  }

  private int[][] together(Transformer model, int[][] prompts, int first, Growth growth) {
    int longest = Arrays.stream(prompts).mapToInt(ids -> ids.length).max().orElse(0);
    SplittableRandom[] random = new SplittableRandom[prompts.length];
    Arrays.setAll(random, row -> new SplittableRandom(seed * 1_000_003 + first + row));
    int[][] ids = Arrays.stream(prompts).map(int[]::clone).toArray(int[][]::new);
    int[] rows = IntStream.range(0, prompts.length).toArray();
    try (Continuation cached = new Continuation(model, longest + most - 1)) {
      for (int step = 0; step < most && rows.length > 0; step++) {
        float[][] logits;
        try (Scope scope = Scope.open()) {
          logits = logits(model, growth.of(first, ids, rows), cached);
        }
        boolean[] ended = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
          int next = choose(logits[i], random[rows[i]]);
          int[] before = ids[rows[i]];
          ids[rows[i]] = Arrays.copyOf(before, before.length + 1);
          ids[rows[i]][before.length] = next;
          ended[i] = ends.contains(next);
        }
        int[] on = IntStream.range(0, rows.length).filter(i -> !ended[i]).toArray();
        if (on.length < rows.length) {
          int[] all = rows;
          rows = Arrays.stream(on).map(i -> all[i]).toArray();
          cached.retain(on);
        }
      }
    }
    int[][] made = new int[prompts.length][];
    Arrays.setAll(made, row -> Arrays.copyOfRange(ids[row], prompts[row].length, ids[row].length));
    return made;
  }

  /**
   * Whether each new token of each prompt takes a pass over all that is before it, since an edit in
   * force looks at more than its own place.
   */
  public static boolean takesWholePasses(Transformer model) {
    return model.inForce() != InForce.NOTHING && !windowed(model);
  }

  /** Edits that look at more than their own place must see all of it each time. */
  private static boolean windowed(Transformer model) {
    return model.inForce() instanceof Standing standing && standing.windowed();
  }

  /** What is predicted after the last token of each row. */
  private static float[][] logits(Transformer model, Batch batch, Continuation cached) {
    Tensor logits;
    if (model.inForce() == InForce.NOTHING) {
      logits = cached.next(batch.tokens(), batch.lengths(), Continuation.Edits.NONE);
    } else if (windowed(model)) {
      Standing standing = (Standing) model.inForce();
      logits = cached.next(batch.tokens(), batch.lengths(), new WindowEdits(standing, batch));
    } else {
      logits = wholePass(model, batch);
    }
    int vocabulary = Math.toIntExact(logits.size(1));
    float[] all = logits.floats();
    float[][] each = new float[batch.rows()][];
    Arrays.setAll(each, row -> Arrays.copyOfRange(all, row * vocabulary, (row + 1) * vocabulary));
    return each;
  }

  /** The same for a batch of one row by a pass over all of it. */
  private static Tensor wholePass(Transformer model, Batch batch) {
    Location end = Location.of(Site.FINAL_NORMALIZED);
    Tensor normalized =
        model.forward(batch.tokens(), Hooks.none().capture(end).withoutLogits()).get(end);
    return model.unembed(normalized.select(1, batch.positions() - 1));
  }

  /** The edits in force at the position of a new token. */
  private static final class WindowEdits implements Continuation.Edits {
    private final Standing standing;
    private final Batch batch;
    private final Map<Edit, Integer> steps = new IdentityHashMap<>();

    private WindowEdits(Standing standing, Batch batch) {
      this.standing = standing;
      this.batch = batch;
    }

    @Override
    public List<Edit> at(Window window) {
      Batch here = batch.window(window.rows(), window.first(), window.width());
      List<Edit> edits = new ArrayList<>();
      for (Standing.WindowEdit one : standing.windowEdits(here)) {
        steps.put(one.edit(), one.step());
        edits.add(one.edit());
      }
      return edits;
    }

    @Override
    public void ran(List<Firing> firings) {
      firings.forEach(firing -> standing.ran(steps.get(firing.edit()), firing.change()));
    }
  }

  private void requireRoom(int context, int length, int number) {
    // The last token is not read any more.
    if (length + most - 1 > context) {
      throw new ZlensException(
          Kind.RUNTIME,
          "prompt "
              + number
              + " has "
              + length
              + " tokens, after which "
              + most
              + " more do not fit the context of "
              + context,
          context - length + 1 > 0 ? "at most " + (context - length + 1) : "shorten the prompt");
    }
  }

  /** The next token by its logits; of equal ones the lowest id. */
  int choose(float[] logits, SplittableRandom random) {
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        throw new ZlensException(
            Kind.RUNTIME, "the model predicts no numbers here", "an edit leaves nothing to go by");
      }
    }
    int[] best = most(logits, temperature == 0 ? 1 : topK == 0 ? logits.length : topK);
    if (best.length == 1) {
      return best[0];
    }
    double[] until = new double[best.length];
    double sum = 0;
    for (int i = 0; i < best.length; i++) {
      sum += Math.exp((logits[best[i]] - logits[best[0]]) / temperature);
      until[i] = sum;
    }
    double drawn = random.nextDouble() * sum;
    int at = 0;
    while (at < best.length - 1 && until[at] <= drawn) {
      at++;
    }
    return best[at];
  }

  /** The ids of the largest logits, largest first, of equal ones the lowest id first. */
  private static int[] most(float[] logits, int count) {
    if (count == 1) {
      int best = 0;
      for (int id = 1; id < logits.length; id++) {
        best = logits[id] > logits[best] ? id : best;
      }
      return new int[] {best};
    }
    long[] order = new long[logits.length];
    for (int id = 0; id < order.length; id++) {
      int bits = Float.floatToIntBits(-logits[id]);
      // As whole numbers, the bits of negative numbers grow the other way.
      int ordered = bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
      order[id] = (long) ordered << Integer.SIZE | id;
    }
    Arrays.sort(order);
    return Arrays.stream(order).limit(count).mapToInt(key -> (int) key).toArray();
  }
}
