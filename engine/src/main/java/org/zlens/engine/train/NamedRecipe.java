package org.zlens.engine.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * The recipes that have a name. Periods in steps are those of the publications, shortened where the
 * whole training is not much longer than they are.
 */
public enum NamedRecipe {
  /** The published GPT-2 SAEs with the Adam settings of the paper's text (paper-spec B.1). */
  PAPER("L1, unit decoder, resampling; Adam 0.9 / 0.99 (the paper)") {
    @Override
    SaeRecipe recipe(RecipeChoices choices) {
      return bricken(choices, 0.9, 0.99);
    }
  },

  /** The same with the Adam settings that the authors' code starts from. */
  PAPER_CODE("the same with Adam 0 / 0.9999 (the paper's code)") {
    @Override
    SaeRecipe recipe(RecipeChoices choices) {
      return bricken(choices, 0, 0.9999);
    }
  },

  /** Olah et al., April 2024 (paper-spec B.2). */
  APRIL("L1 weighted by free decoder norms, no resampling (Olah et al., April 2024)") {
    @Override
    SaeRecipe recipe(RecipeChoices choices) {
      long steps = choices.steps();
      SaeObjective objective =
          new SaeObjective.DecoderLasso(choices.sparsity().orElse(5.0), steps / 20);
      return modern(choices, objective, new LinearFall(rate(choices, 5e-5), 0, steps / 5, steps));
    }
  },

  /** Gao et al. 2024. */
  TOPK("the k largest features of each vector (Gao et al. 2024)") {
    @Override
    SaeRecipe recipe(RecipeChoices choices) {
      return topK(choices, false, List.of(choices.width()));
    }
  },

  /** Bussmann et al. 2024. */
  BATCHTOPK("k features a vector, chosen over the batch (Bussmann et al. 2024)") {
    @Override
    SaeRecipe recipe(RecipeChoices choices) {
      return topK(choices, true, List.of(choices.width()));
    }
  },

  /** Rajamanoharan et al. 2024, second paper. */
  JUMPRELU("a threshold for each feature, L0 by straight-through gradients") {
    @Override
    SaeRecipe recipe(RecipeChoices choices) {
      SaeObjective objective =
          new SaeObjective.JumpRelu(choices.sparsity().orElse(1.0), 0.05, choices.steps() / 5);
      return modern(choices, objective, falling(choices, 3e-4));
    }
  },

  /** Rajamanoharan et al. 2024, first paper. */
  GATED("gates and sizes apart, L1 on the gates") {
    @Override
    SaeRecipe recipe(RecipeChoices choices) {
      SaeObjective objective =
          new SaeObjective.Gated(choices.sparsity().orElse(1.0), choices.steps() / 20);
      return modern(choices, objective, falling(choices, 3e-4));
    }
  },

  /** Bussmann et al. 2025. */
  MATRYOSHKA("batchtopk in nested prefixes of the features (Bussmann et al. 2025)") {
    @Override
    SaeRecipe recipe(RecipeChoices choices) {
      List<Integer> prefixes = new ArrayList<>();
      for (int share = 16; share >= 1; share /= 2) {
        int prefix = choices.width() / share;
        if (prefix > (prefixes.isEmpty() ? 0 : prefixes.get(prefixes.size() - 1))) {
          prefixes.add(prefix);
        }
      }
      return topK(choices, true, prefixes);
    }
  };

  private static final int USUAL_K = 32;

  /** Tokens without an activation after which a feature sleeps, in long trainings. */
  private static final long ASLEEP_AFTER = 10_000_000;

  private final String about;

  NamedRecipe(String about) {
    this.about = about;
  }

  /** What a user calls it, for example {@code paper-code}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it is, in a few words. */
  public String about() {
    return about;
  }

  /** The recipe of a name that {@link #word} gives. */
  public static NamedRecipe of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  abstract SaeRecipe recipe(RecipeChoices choices);

  /**
   * The recipe with a user's choices.
   *
   * @throws ZlensException of kind TYPE if something was chosen that this recipe does not have
   */
  public SaeRecipe of(RecipeChoices choices) {
    boolean counts = this == TOPK || this == BATCHTOPK || this == MATRYOSHKA;
    refuse(counts && choices.sparsity().isPresent(), "sparsity", "it takes 'k'");
    refuse(!counts && choices.k().isPresent(), "k", "it takes 'sparsity'");
    refuse(
        this != PAPER && this != PAPER_CODE && choices.resampleEvery().isPresent(),
        "resample",
        "'paper' resamples dead features");
    if (choices.k().orElse(1) > choices.width()) {
      throw new ZlensException(
          Kind.TYPE,
          "k is " + choices.k().get() + ", but there are " + choices.width() + " features",
          null);
    }
    return recipe(choices);
  }

  private void refuse(boolean wrong, String what, String hint) {
    if (wrong) {
      throw new ZlensException(Kind.TYPE, "recipe '" + word() + "' has no '" + what + "'", hint);
    }
  }

  private static SaeRecipe bricken(RecipeChoices choices, double beta1, double beta2) {
    long steps = choices.steps();
    int every =
        choices.resampleEvery().orElseGet(() -> (int) Math.min(25_000, Math.max(2, steps / 6)));
    return new SaeRecipe(
        choices.width(),
        new SaeObjective.Lasso(choices.sparsity().orElse(1.0)),
        new WarmUp(rate(choices, 1.2e-3), Math.min(1000, Math.max(1, every / 2))),
        beta1,
        beta2,
        0,
        choices.batch(),
        new Resampling(
            every, 4, Math.max(1, every / 2), 1e-6, (int) Math.min(100, Math.max(1, steps / 100))),
        choices.seed());
  }

  private static SaeRecipe topK(RecipeChoices choices, boolean batch, List<Integer> prefixes) {
    int k = choices.k().orElse(Math.min(USUAL_K, Math.max(1, choices.width() / 8)));
    long asleep = Math.max(choices.batch(), Math.min(ASLEEP_AFTER, choices.vectors() / 10));
    return modern(
        choices, new SaeObjective.TopK(k, batch, prefixes, asleep), falling(choices, 3e-4));
  }

  private static LinearFall falling(RecipeChoices choices, double rate) {
    long steps = choices.steps();
    return new LinearFall(rate(choices, rate), Math.min(1000, steps / 20), steps / 5, steps);
  }

  private static double rate(RecipeChoices choices, double usual) {
    return choices.rate().orElse(usual);
  }

  private static SaeRecipe modern(
      RecipeChoices choices, SaeObjective objective, LearningRate rate) {
    return new SaeRecipe(
        choices.width(),
        objective,
        rate,
        0.9,
        0.999,
        1,
        choices.batch(),
        Resampling.NONE,
        choices.seed());
  }
}
