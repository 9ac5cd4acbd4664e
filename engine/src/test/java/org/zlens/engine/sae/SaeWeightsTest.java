package org.zlens.engine.sae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.zlens.engine.TensorAssert.assertClose;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.TinyGpt2;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.Scope;

/** SAEs of every kind of file at work, or refused by the name of what cannot be run. */
class SaeWeightsTest {
  @ParameterizedTest
  @CsvSource({
    "scaling-factor-v5, scaling",
    "norm-expected-v6, norm-expected",
    "bf16-weights-v5, bf16",
    "dictionary-learning, dictionary-learning",
    "residual-pre-v2/blocks.1.hook_resid_pre, resid-L1"
  })
  void runsWhatItReads(String folder, String golden) {
    String hook = folder.equals("dictionary-learning") ? "blocks.1.attn.hook_z" : null;
    try (Scope scope = Scope.open();
        TensorFile expected =
            TensorFile.open(Fixtures.path("saes/golden/" + golden + ".safetensors"));
        TensorFile inputs =
            TensorFile.open(Fixtures.path("gpt2-tiny/activations_processed.safetensors"));
        Sae sae = SaeReader.read(Fixtures.path("saes/" + folder), hook).toSae()) {
      var x = TinyGpt2.tensor(inputs, sae.location().canonical());
      assertClose("pre", sae.preActivations(x), expected, "pre", 1e-4);
      assertClose("recon", sae.flatten(sae.reconstruct(x)), expected, "recon", 1e-4);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "topk-v6, topk",
    "jumprelu-v6, jumprelu",
    "gated-v6, gated",
    "norm-layer-norm-v6, layer_norm",
    "norm-constant-norm-rescale-v6, constant_norm_rescale"
  })
  void refusesToRunAsSomethingElse(String folder, String name) {
    SaeWeights weights = SaeReader.read(Fixtures.path("saes/" + folder));
    assertThatThrownBy(weights::toSae).hasMessageContaining("'" + name + "'");
  }

  @Test
  void theSiteDecidesTheLocation() {
    SaeWeights weights = SaeReader.read(Fixtures.path("saes/residual-v6/blocks.2.hook_resid_pre"));
    try (Sae sae = weights.toSae()) {
      assertThat(sae.location().shortName()).isEqualTo("L2.resid_pre");
      assertThat(sae.features()).isEqualTo(160);
    }
  }
}
