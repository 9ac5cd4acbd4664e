package org.zlens.engine.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Firing;
import org.zlens.engine.hook.HookRun;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Tensor;

/**
 * Prompts that grow together token by token: each pass computes the last position of each alone,
 * beside the keys and values that the passes before it have left.
 */
public final class Continuation implements AutoCloseable {
  private final Transformer model;
  private final KeyValueCache cache;
  private boolean begun;

  /**
   * Prompts that nothing is known of yet.
   *
   * @param most most positions that they will grow to
   */
  public Continuation(Transformer model, int most) {
    this.model = model;
    this.cache = new KeyValueCache(model.config(), most);
  }

  /** Edits at the positions that a pass computes, and who hears of what they did. */
  public interface Edits {
    /** No edits. */
    Edits NONE =
        new Edits() {
          @Override
          public List<Edit> at(Window window) {
            return List.of();
          }

          @Override
          public void ran(List<Firing> firings) {
            // Nothing ran.
          }
        };

    /** Those for a window of all rows and one position of each. */
    List<Edit> at(Window window);

    /** Hears which of them ran and how much each changed. */
    void ran(List<Firing> firings);
  }

  /**
   * Logits of the token that comes next in each row, {@code [row, d_vocab]}.
   *
   * @param tokens all tokens so far, int64 {@code [row, pos]}, filled up on the right; one more in
   *     each row than the last time
   * @param lengths number of true tokens of each row
   * @param edits those in force at a position that comes after the first pass, which makes those of
   *     the model itself
   */
  public Tensor next(Tensor tokens, int[] lengths, Edits edits) {
    int[] last = Arrays.stream(lengths).map(length -> length - 1).toArray();
    Window ends = new Window(IntStream.range(0, lengths.length).toArray(), last, 1);
    Tensor normalized = begun ? following(tokens, ends, edits) : first(tokens, ends);
    begun = true;
    return model.unembed(normalized.select(1, 0));
  }

  /** The same for a single row without filling, {@code [d_vocab]}. */
  public Tensor next(Tensor tokens, Edits edits) {
    return next(tokens, new int[] {Math.toIntExact(tokens.size(1))}, edits).select(0, 0);
  }

  private Tensor first(Tensor tokens, Window ends) {
    Location end = Location.of(Site.FINAL_NORMALIZED);
    Activations pass =
        model.forward(
            tokens, Hooks.none().capture(kept(model.config())).capture(end).withoutLogits());
    cache.begin(pass);
    return Picked.of(ends).of(pass.get(end));
  }

  private Tensor following(Tensor tokens, Window ends, Edits edits) {
    HookRun run = new HookRun(edits.at(ends), Hooks.none());
    Tensor normalized = model.next(ends, Picked.of(ends).of(tokens), cache, run);
    edits.ran(run.finish(null).firings());
    return normalized;
  }

  /** Goes on with some of the rows alone, in this order. */
  public void retain(int... rows) {
    cache.retain(rows);
  }

  /** What is kept of all positions. */
  public static Location[] kept(ModelConfig config) {
    int layers = config.layers();
    Location[] all = new Location[2 * layers];
    for (int layer = 0; layer < layers; layer++) {
      all[2 * layer] = Location.of(config.keySite(), layer);
      all[2 * layer + 1] = Location.of(Site.V, layer);
    }
    return all;
  }

  /** Frees the keys and values. */
  @Override
  public void close() {
    cache.close();
  }
}
