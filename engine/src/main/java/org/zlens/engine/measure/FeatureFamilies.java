package org.zlens.engine.measure;

import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SparseActivations;
import org.zlens.engine.tokenizer.Tokenizer;

/** Sorts the features of an SAE into families, in one pass over a text. */
public final class FeatureFamilies {
  /** Tokens that count as favoured, and as opposed, of each feature. */
  private static final int TOKENS = 10;

  private final Transformer model;
  private final Sae sae;
  private final TokenFeatures tokens;
  private final int beginning;

  /** The families of an SAE that writes to the residual stream of a model with a tokenizer. */
  public FeatureFamilies(LanguageModel model, Sae sae) {
    this(model.transformer(), model.tokenizer(), sae);
  }

  /** The same of a model that edits may be in force on. */
  public FeatureFamilies(Transformer model, Tokenizer tokenizer, Sae sae) {
    this.model = model;
    this.sae = sae;
    this.beginning = tokenizer.hasBos() ? tokenizer.bosId() : -1;
    this.tokens =
        new TokenFeatures(
            FavouredTokens.of(model, sae, TOKENS, IntStream.range(0, sae.features()).toArray()),
            new Successors(tokenizer),
            model.config().dVocab());
  }

  /**
   * Counts over a text.
   *
   * @param batches each made in a native scope of its own
   * @param count how many batches come, for the progress; 0 if that is not known
   */
  public FamilyCounts count(Iterator<Batch> batches, int count, Progress progress) {
    FamilyCounts counts = new FamilyCounts(tokens, sae.features(), beginning);
    for (int done = 0; ; done++) {
      progress.step(done, Math.max(count, done));
      try (Scope scope = Scope.open()) {
        if (!batches.hasNext()) {
          return counts;
        }
        add(batches.next(), counts);
      }
    }
  }

  private void add(Batch batch, FamilyCounts counts) {
    Hooks hooks = Hooks.none().capture(sae.location()).withoutLogits();
    Tensor values = model.forward(batch.tokens(), hooks).get(sae.location());
    long[] ids = batch.tokens().longs();
    SparseActivations acts = sae.encodeSparse(values);
    for (int row = 0; row < batch.rows(); row++) {
      int start = row * batch.positions();
      int length = batch.lengths()[row];
      counts.add(
          Arrays.copyOfRange(ids, start, start + length),
          position -> acts.features(start + position));
    }
  }
}
