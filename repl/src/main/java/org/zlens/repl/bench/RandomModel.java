package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.zlens.engine.io.ElementType;
import org.zlens.engine.io.EmbeddedFolder;
import org.zlens.engine.model.ActivationKind;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.model.Weights;
import org.zlens.engine.model.gpt2.Gpt2Writer;
import org.zlens.engine.train.InitialWeights;

/** Models of random weights with the embedded model's tokenizer, for what hangs on sizes alone. */
final class RandomModel {
  private RandomModel() {}

  /** Twelve layers of twelve heads in the manner of GPT-2. */
  static ModelConfig config(int width, int context, int vocabulary) {
    return new ModelConfig(
        12,
        width,
        12,
        12,
        width / 12,
        4 * width,
        context,
        vocabulary,
        NormKind.LAYER_NORM,
        1e-5,
        ActivationKind.GELU_TANH);
  }

  /** Writes a model that {@code model "FOLDER"} loads. */
  static void write(ModelConfig config, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Weights weights = InitialWeights.of(config, 1)) {
      Gpt2Writer.write(folder, config, weights, 0, ElementType.F32);
    }
    try (EmbeddedFolder sprig = EmbeddedFolder.open("/org/zlens/engine/sprig", "tokenizer.json")) {
      Files.copy(sprig.path().resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    }
  }
}
