package org.zlens.engine.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.zlens.engine.data.sprig.Mix;
import org.zlens.engine.hook.Location;
import org.zlens.engine.io.AtomicFile;
import org.zlens.engine.measure.SaeQuality;
import org.zlens.engine.measure.SprigMeasures;
import org.zlens.engine.measure.SprigMeasures.Figure;
import org.zlens.engine.model.LanguageModel;

/** The card of the embedded model: how it was made, and its figures on text it never saw. */
public final class SprigCard {
  private SprigCard() {}

  /** Measures the model and writes the card. */
  static void write(
      Path file, SprigRecipe recipe, LanguageModel model, Map<Location, SaeQuality> qualities) {
    StringBuilder card = new StringBuilder(head(recipe));
    card.append("| behaviour | value | how |\n|---|---|---|\n");
    SprigMeasures.of(model).forEach(figure -> card.append(row(figure)));
    long tokens = qualities.values().iterator().next().tokens();
    card.append(String.format(Locale.ROOT, "\n## SAEs\n\nMeasured on %,d tokens of", tokens))
        .append(" held-out text, all positions; the site")
        .append(" is replaced by its\nreconstruction everywhere, and zero means the site set to")
        .append(" zero.\n\n");
    card.append("| SAE | L0 | loss recovered | dead | loss | loss spliced | loss zero |\n");
    card.append("|---|---|---|---|---|---|---|\n");
    qualities.entrySet().stream()
        .sorted((a, b) -> a.getKey().canonical().compareTo(b.getKey().canonical()))
        .forEach(entry -> card.append(row(entry.getKey(), entry.getValue())));
    AtomicFile.writeText(file, card.toString());
  }

  private static String head(SprigRecipe recipe) {
    return String.format(
        Locale.ROOT,
        """
        # sprig

        A GPT-2 of 4 layers, 8 heads and width 128 with a context of 128 tokens and %,d tokens of
        its own, and for each layer an SAE of 512 features on the attention output (`hook_z`) and
        one of 1,024 on the residual stream before the block. Made by `scripts/train-sprig.zl`, on
        text that `org.zlens.engine.data.sprig` writes. Weights are stored in half precision.

        - Model: %,d tokens of repeats, then %,d tokens of the whole language (%s); batches of 32
          rows of 128, Muon 0.02 for the matrices of the blocks, Adam 0.003 for the rest, 100 steps
          of warm-up, the last quarter falling to zero.
        - SAEs: the paper's recipe (squared error plus L1, unit decoder rows, Adam 0.9 / 0.99 at
          1.2e-3, dead features resampled four times) on %,d vectors each, all from the same passes.

        ## Figures

        """,
        SprigRecipe.config().dVocab(),
        recipe.repeatTokens(),
        recipe.mixedTokens(),
        shares(),
        recipe.vectors());
  }

  private static String shares() {
    List<String> shares =
        Mix.standard().shares().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(
                entry ->
                    String.format(
                        Locale.ROOT,
                        "%s %.0f %%",
                        entry.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        100 * entry.getValue()))
            .toList();
    return String.join(", ", shares);
  }

  /** A row of the table of figures, as it stands in the card. */
  static String row(Figure figure) {
    return String.format(
        Locale.ROOT, "| %s | %.3f | %s |\n", figure.name(), figure.value(), figure.how());
  }

  /** A row of the table of SAEs, as it stands in the card. */
  static String row(Location at, SaeQuality quality) {
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.1f %% | %.1f %% | %.3f | %.3f | %.3f |\n",
        at.shortName(),
        quality.activeFeatures(),
        100 * quality.lossRecovered(),
        100 * quality.deadShare(),
        quality.cleanLoss(),
        quality.splicedLoss(),
        quality.zeroLoss());
  }
}
