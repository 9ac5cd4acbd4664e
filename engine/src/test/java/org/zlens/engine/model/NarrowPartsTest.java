package org.zlens.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.zlens.engine.TensorAssert.assertClose;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** Matrices in 16 bits; everything that is seen is in 32. On the processor, where it is slow. */
class NarrowPartsTest {
  private static Weights narrow(Weights wide, int layers, DType type) {
    WeightParts parts =
        new WeightParts() {
          @Override
          public Embedding embedding() {
            return new Embedding(wide.wE().copy(), copy(wide.wPos()));
          }

          @Override
          public BlockWeights block(int layer) {
            var named = wide.blocks().get(layer).named();
            named.replaceAll((name, tensor) -> tensor.copy());
            return BlockWeights.of(named);
          }

          @Override
          public Unembedding unembedding() {
            return new Unembedding(
                copy(wide.finalGain()), copy(wide.finalBias()), wide.wU().copy(), wide.bU().copy());
          }
        };
    return Weights.from(new NarrowParts(parts, type), layers);
  }

  private static Tensor copy(Tensor tensor) {
    return tensor == null ? null : tensor.copy();
  }

  @ParameterizedTest
  @CsvSource({
    "gpt2-tiny/hf, BFLOAT16, 0.1",
    "gpt2-tiny/hf, FLOAT16, 0.01",
    "gemma-tiny/hf, BFLOAT16, 0.1",
    "gemma-tiny/hf, FLOAT16, 0.01",
    "llama-tiny/hf, BFLOAT16, 0.1",
    "llama-tiny/hf, FLOAT16, 0.01"
  })
  void whatIsSeenIsInThirtyTwoBitsAndCloseToWhatItWas(String folder, DType type, double share) {
    try (Scope scope = Scope.open();
        LanguageModel model =
            ModelLoader.load(Fixtures.path(folder).toString(), WeightStep.all())) {
      ModelConfig config = model.config();
      Weights wide = model.transformer().weights();
      try (Weights narrow = narrow(wide, config.layers(), type)) {
        Transformer own = new Transformer(config, narrow);
        Tensor tokens = Tensor.of(new long[] {1, 5, 2, 9}, 1, 4);
        Location[] all = config.locations().toArray(Location[]::new);
        Activations run = own.forward(tokens, Hooks.none().capture(all));
        for (Location location : all) {
          assertThat(run.get(location).type()).as(location.shortName()).isEqualTo(DType.FLOAT32);
        }
        float[] expected = model.transformer().forward(tokens, Hooks.none()).logits().floats();
        double largest = 0;
        for (float value : expected) {
          largest = Math.max(largest, Math.abs(value));
        }
        assertClose("logits", run.logits().floats(), expected, share * largest);
        assertThat(narrow.kept(0).wQ().type()).isEqualTo(type);
        assertThat(narrow.blocks().get(0).wQ().type()).isEqualTo(DType.FLOAT32);
        assertThat(narrow.wU().type()).isEqualTo(DType.FLOAT32);
        assertThat(narrow.wE().type()).isEqualTo(DType.FLOAT32);
        assertThat(narrow.bytes()).isLessThan(wide.bytes() * 2 / 3);
      }
    }
  }
}
