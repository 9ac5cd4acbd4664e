package org.zlens.engine.intervene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
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
 * @param end the token after which nothing follows, or -1
 */
public record Generation(int most, double temperature, int topK, long seed, int end) {
  /** Checks that there is something to do. */
  public Generation {
    if (most < 1 || !(temperature >= 0) || topK < 0) {
      throw new IllegalArgumentException(
          most + " tokens, temperature " + temperature + ", top " + topK);
    }
  }

  /** The most likely tokens. */
  public static Generation greedy(int most) {
    return new Generation(most, 0, 0, 0, -1);
  }

  /**
   * The new tokens after a prompt.
   *
   * @param number which prompt of its set it is
   * @param grown the batch of one row that a pass over these ids runs, in the open scope; edits
   *     find their places in it, those at every position also in the new tokens
   * @return at most {@code most} ids, with the end token if that came
   * @throws ZlensException of kind RUNTIME if they do not fit the context
   */
  public int[] of(Transformer model, int[] prompt, int number, Function<int[], Batch> grown) {
    requireRoom(model.config().context(), prompt.length, number);
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
    int[] ids = prompt.clone();
    try (Continuation cached = new Continuation(model, prompt.length + most - 1)) {
      for (int step = 0; step < most; step++) {
        int next;
        try (Scope scope = Scope.open()) {
          next = choose(logits(model, grown.apply(ids), cached), random);
        }
        ids = Arrays.copyOf(ids, ids.length + 1);
        ids[ids.length - 1] = next;
        if (next == end) {
          break;
        }
      }
    }
    return Arrays.copyOfRange(ids, prompt.length, ids.length);
  }

  /** What is predicted after the last token. */
  private static float[] logits(Transformer model, Batch batch, Continuation cached) {
    if (model.inForce() instanceof Standing standing) {
      // Edits that look at more than their own place must see all of it each time.
      return standing.windowed()
          ? cached.next(batch.tokens(), new WindowEdits(standing, batch)).floats()
          : wholePass(model, batch);
    }
    return model.inForce() == InForce.NOTHING
        ? cached.next(batch.tokens(), Continuation.Edits.NONE).floats()
        : wholePass(model, batch);
  }

  private static float[] wholePass(Transformer model, Batch batch) {
    Location end = Location.of(Site.FINAL_NORMALIZED);
    Tensor normalized =
        model.forward(batch.tokens(), Hooks.none().capture(end).withoutLogits()).get(end);
    return model.unembed(normalized.select(0, 0).select(0, batch.positions() - 1)).floats();
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
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer id) -> -logits[id]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
