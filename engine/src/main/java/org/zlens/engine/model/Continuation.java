package org.zlens.engine.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Firing;
import org.zlens.engine.hook.HookRun;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * A prompt that grows token by token: each pass computes the last position alone, beside the keys
 * and values that the passes before it have left.
 */
public final class Continuation implements AutoCloseable {
  private final Transformer model;
  private final int most;
  private final Map<Location, Tensor> keysAndValues = new LinkedHashMap<>();
  private int length;

  /**
   * A prompt that nothing is known of yet.
   *
   * @param most most positions that it will grow to
   */
  public Continuation(Transformer model, int most) {
    this.model = model;
    this.most = most;
  }

  /** Edits at the position that a pass computes, and who hears of what they did. */
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

    /** Those for a window of one row and one position. */
    List<Edit> at(Window window);

    /** Hears which of them ran and how much each changed. */
    void ran(List<Firing> firings);
  }

  /**
   * Logits of the token that comes next, {@code [d_vocab]}.
   *
   * @param tokens all tokens so far, int64 {@code [1, pos]}; one more than the last time
   * @param edits those in force at a position that comes after the first pass, which makes those of
   *     the model itself
   */
  public Tensor next(Tensor tokens, Edits edits) {
    Tensor last = length == 0 ? first(tokens) : following(tokens, edits);
    length = Math.toIntExact(tokens.size(1));
    return model.unembed(last);
  }

  private Tensor first(Tensor tokens) {
    Location end = Location.of(Site.FINAL_NORMALIZED);
    Location[] kept = kept(model.config());
    Activations pass =
        model.forward(tokens, Hooks.none().capture(kept).capture(end).withoutLogits());
    for (Location at : kept) {
      Tensor own = pass.get(at);
      long[] shape = own.shape();
      shape[1] = most - own.size(1);
      Tensor all = shape[1] == 0 ? own.copy() : Tensor.cat(List.of(own, Tensor.zeros(shape)), 1);
      Scope.release(all);
      keysAndValues.put(at, all);
    }
    return pass.get(end).select(0, 0).select(0, tokens.size(1) - 1);
  }

  private Tensor following(Tensor tokens, Edits edits) {
    int position = Math.toIntExact(tokens.size(1)) - 1;
    int layers = model.config().layers();
    Window window = new Window(new int[1], new int[] {position}, 1);
    Location[] kept = kept(model.config());
    HookRun run = new HookRun(edits.at(window), Hooks.none().capture(kept));
    Rerun rerun = new Rerun(new Start(0, Start.Entry.BLOCK), window, window, window, layers);
    Tensor end =
        model.rerun(
            rerun, tokens.slice(1, position, position + 1), Activations.of(keysAndValues), run);
    Activations pass = run.finish(null);
    edits.ran(pass.firings());
    for (Location at : kept) {
      Tensor before = keysAndValues.get(at);
      Tensor after = Picked.of(window).over(before, pass.get(at));
      Scope.release(after);
      keysAndValues.put(at, after);
      before.close();
    }
    return end.select(0, 0).select(0, 0);
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
    keysAndValues.values().forEach(Tensor::close);
    keysAndValues.clear();
  }
}
