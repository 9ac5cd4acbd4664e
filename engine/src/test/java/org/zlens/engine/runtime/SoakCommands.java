package org.zlens.engine.runtime;

import java.util.List;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.RandomModel;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;

/**
 * The process of {@link SoakTest}: runs commands and prints its resident bytes after the warm-up
 * and at the end.
 */
final class SoakCommands {
  private static final int WARM_UP = 100;

  private SoakCommands() {}

  public static void main(String[] arguments) {
    int commands = Integer.parseInt(arguments[0]);
    ModelConfig config = RandomModel.config(2, 64, 4, 32, 500);
    try (Weights weights = RandomModel.weights(config, 1)) {
      Transformer model = new Transformer(config, weights);
      for (int i = 0; i < WARM_UP; i++) {
        command(model, i);
      }
      System.out.println(ResidentMemory.bytes());
      for (int i = 0; i < commands; i++) {
        command(model, i);
      }
      System.out.println(ResidentMemory.bytes());
    }
  }

  /** Everything that a command may do: capture, splice, fail, differentiate, keep a result. */
  private static void command(Transformer model, int number) {
    try (Scope session = Scope.open()) {
      Tensor result;
      try (Scope scope = Scope.open()) {
        Tensor tokens = tokens(model.config(), number);
        Activations clean = model.forward(tokens, Hooks.none().captureAll(model.config()));
        Tensor encoder = model.weights().blocks().get(1).wQ();
        Edit splice =
            new Edit(
                Location.of(Site.Z, 1),
                "splice",
                Edit.Effect.MUST_CHANGE,
                z -> {
                  Tensor flat = z.reshape(8, 32, -1);
                  return flat.matmul(encoder)
                      .relu()
                      .matmul(encoder.transpose(0, 1))
                      .reshape(z.shape());
                });
        Activations spliced = model.forward(tokens, Hooks.none().edit(splice));
        Tensor change = spliced.logits().sub(clean.logits());
        result = scope.keep(change.abs().max());
        refused(clean.logits());
        if (number % 10 == 0) {
          differentiate(model, tokens);
        }
      }
      require(result.item() > 0, "a splice of other values changes the logits");
    }
  }

  private static Tensor tokens(ModelConfig config, int number) {
    long[] ids = new long[8 * 32];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (i * 7L + number) % config.dVocab();
    }
    return Tensor.of(ids, 8, 32);
  }

  private static void refused(Tensor logits) {
    try {
      logits.matmul(logits);
    } catch (IllegalArgumentException e) {
      // A user's mistake costs no memory either.
      return;
    }
    throw new AssertionError("shapes that do not fit were multiplied");
  }

  private static void differentiate(Transformer model, Tensor tokens) {
    try (GradMode mode = GradMode.on()) {
      Location at = Location.of(Site.RESID_PRE, 0);
      Tensor[] leaf = new Tensor[1];
      Edit start = new Edit(at, "leaf", Edit.Effect.MAY_CHANGE, values -> leaf[0] = values.leaf());
      Tensor loss = model.forward(tokens, Hooks.none().edit(start)).logits().logSoftmax(-1).mean();
      Tensor gradient = loss.gradients(List.of(leaf[0]))[0];
      require(gradient.abs().max().item() > 0, "a gradient that is not zero");
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
