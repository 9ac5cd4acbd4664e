package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.LoadedSae;
import org.zlens.engine.sae.SaeLoader;
import org.zlens.engine.sae.SaeSet;
import org.zlens.engine.train.InitialWeights;

/**
 * A random model of GPT-2 Small's size with the attention and the residual SAEs of a folder, and a
 * prompt of 20 tokens.
 */
final class PaperModel implements AutoCloseable {
  /** Features of each SAE. */
  static final int WIDTH = 24_576;

  private final Scope scope = Scope.open();
  private final Weights weights;
  private final Transformer model;
  private final SaeSet saes;
  private final Batch batch;

  private PaperModel(Path folder) throws IOException {
    weights = InitialWeights.of(AttributionProbe.SMALL, 1);
    model = new Transformer(AttributionProbe.SMALL, weights);
    saes = new SaeSet(model);
    for (LoadedSae one : SaeLoader.loadAll(folder, null)) {
      saes.attach(one.sae());
    }
    batch = Batch.of(Tensor.ofRows(new int[][] {AttributionProbe.tokens()}));
  }

  /** The model with the SAEs of a folder. */
  static PaperModel open(String folder) throws IOException {
    return new PaperModel(Path.of(folder));
  }

  /** Writes 12 attention and 12 residual SAEs of 24,576 features, 3.6 GB. */
  static void write(TemporaryFolder folder) {
    try (Weights weights = InitialWeights.of(AttributionProbe.SMALL, 1)) {
      Transformer model = new Transformer(AttributionProbe.SMALL, weights);
      SparseSaes.write(folder, model, AttributionProbe.tokens(), WIDTH);
    }
  }

  Transformer model() {
    return model;
  }

  SaeSet saes() {
    return saes;
  }

  Batch batch() {
    return batch;
  }

  @Override
  public void close() {
    saes.close();
    weights.close();
    scope.close();
  }
}
