package org.zlens.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.zlens.engine.TensorAssert.assertClose;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.io.SafetensorsWriter;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** Families without a golden come back from files in their layout, and broken folders do not. */
class StoredFamiliesTest {
  private static final String NEOX =
      """
      {"model_type": "gpt_neox", "num_hidden_layers": 2, "hidden_size": 24, "rotary_pct": 0.34,
       "num_attention_heads": 4, "intermediate_size": 32, "vocab_size": 50, "hidden_act": "gelu",
       "max_position_embeddings": 24, "rotary_emb_base": 100, "layer_norm_eps": 1e-5}
      """;

  private static final String GEMMA2 =
      """
      {"model_type": "gemma2", "num_hidden_layers": 3, "hidden_size": 20, "head_dim": 6,
       "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 32,
       "vocab_size": 50, "max_position_embeddings": 24, "rms_norm_eps": 1e-5,
       "hidden_activation": "gelu_pytorch_tanh", "rope_theta": 100, "sliding_window": 3,
       "query_pre_attn_scalar": 11.1111111, "attn_logit_softcapping": 2,
       "final_logit_softcapping": 3}
      """;

  private final SafetensorsWriter writer = new SafetensorsWriter();

  private void add(String name, Tensor tensor) {
    writer.add(name, tensor.shape(), tensor.copy().floats());
  }

  private void linear(String name, Tensor weight, Tensor bias) {
    add(name + ".weight", weight.transpose(0, 1));
    add(name + ".bias", bias);
  }

  private void norm(String name, Tensor gain, Tensor bias) {
    add(name + ".weight", gain);
    add(name + ".bias", bias);
  }

  private static void close(Path folder, RandomModel random, Tensor bias) {
    Tensor tokens = random.tokens(2, 9);
    Transformer model = random.model();
    try (LanguageModel read = ModelLoader.load(folder.toString(), Set.of())) {
      assertThat(read.config().architecture()).isEqualTo(model.config().architecture());
      assertClose(
          "logits",
          read.transformer().forward(tokens, Hooks.none()).logits().floats(),
          model.forward(tokens, Hooks.none()).logits().sub(bias).floats(),
          1e-4);
    }
  }

  @Test
  void queriesKeysAndValuesOfNeoxLieHeadByHead(@TempDir Path folder) throws Exception {
    Architecture own = Architecture.neox(6, new PositionScheme.Rotary(100, 2));
    ModelConfig config =
        new ModelConfig(
            2, 24, 4, 4, 6, 32, 24, 50, NormKind.LAYER_NORM, 1e-5, ActivationKind.GELU, own);
    try (Scope scope = Scope.open();
        RandomModel random = RandomModel.of(1, config)) {
      Weights w = random.model().weights();
      add("gpt_neox.embed_in.weight", w.wE());
      norm("gpt_neox.final_layer_norm", w.finalGain(), w.finalBias());
      add("embed_out.weight", w.wU().transpose(0, 1));
      for (int layer = 0; layer < 2; layer++) {
        BlockWeights b = w.blocks().get(layer);
        String at = "gpt_neox.layers." + layer + ".";
        norm(at + "input_layernorm", b.ln1Gain(), b.ln1Bias());
        norm(at + "post_attention_layernorm", b.ln2Gain(), b.ln2Bias());
        Tensor[] each = {b.wQ(), b.wK(), b.wV()};
        Tensor[] biases = {b.bQ(), b.bK(), b.bV()};
        List<Tensor> rows = new ArrayList<>();
        List<Tensor> ends = new ArrayList<>();
        for (int head = 0; head < 4; head++) {
          for (int i = 0; i < 3; i++) {
            rows.add(each[i].slice(1, head * 6L, head * 6L + 6).transpose(0, 1));
            ends.add(biases[i].slice(0, head * 6L, head * 6L + 6));
          }
        }
        add(at + "attention.query_key_value.weight", Tensor.cat(rows, 0));
        add(at + "attention.query_key_value.bias", Tensor.cat(ends, 0));
        linear(at + "attention.dense", b.wO(), b.bO());
        linear(at + "mlp.dense_h_to_4h", b.wIn(), b.bIn());
        linear(at + "mlp.dense_4h_to_h", b.wOut(), b.bOut());
      }
      writer.write(folder.resolve("model.safetensors"));
      Files.writeString(folder.resolve("config.json"), NEOX);
      close(folder, random, w.bU());
    }
  }

  @Test
  void theSecondGemmaHasFourNormsCapsAndWindows(@TempDir Path folder) throws Exception {
    try (Scope scope = Scope.open();
        RandomModel random = RandomModel.gemma2(2)) {
      Weights w = random.model().weights();
      // One matrix serves at both ends, so that the random one's unembedding is made from it.
      Tensor embedding = w.wE().mul(1 / Math.sqrt(20));
      add("model.embed_tokens.weight", embedding);
      add("model.norm.weight", Tensor.zeros(20));
      for (int layer = 0; layer < 3; layer++) {
        BlockWeights b = w.blocks().get(layer);
        String at = "model.layers." + layer + ".";
        add(at + "input_layernorm.weight", Tensor.zeros(20));
        add(at + "pre_feedforward_layernorm.weight", Tensor.zeros(20));
        add(at + "post_attention_layernorm.weight", b.ln1PostGain().add(-1));
        add(at + "post_feedforward_layernorm.weight", b.ln2PostGain().add(-1));
        linear(at + "self_attn.q_proj", b.wQ(), b.bQ());
        linear(at + "self_attn.k_proj", b.wK(), b.bK());
        linear(at + "self_attn.v_proj", b.wV(), b.bV());
        linear(at + "self_attn.o_proj", b.wO(), b.bO());
        linear(at + "mlp.up_proj", b.wIn(), b.bIn());
        linear(at + "mlp.gate_proj", b.wGate(), b.bGate());
        linear(at + "mlp.down_proj", b.wOut(), b.bOut());
      }
      writer.write(folder.resolve("model.safetensors"));
      Files.writeString(folder.resolve("config.json"), GEMMA2);
      Weights tied =
          new Weights(
              w.wE(), null, w.blocks(), null, null, embedding.transpose(0, 1), Tensor.zeros(50));
      Tensor tokens = random.tokens(2, 9);
      try (LanguageModel read = ModelLoader.load(folder.toString(), Set.of())) {
        assertThat(read.config().architecture().attention().reaches()).containsExactly(3, 0, 3);
        assertClose(
            "logits",
            read.transformer().forward(tokens, Hooks.none()).logits().floats(),
            new Transformer(random.model().config(), tied)
                .forward(tokens, Hooks.none())
                .logits()
                .floats(),
            1e-4);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../model.safetensors", "/etc/passwd", "a/b.safetensors", "..", "", ".hidden"})
  void anIndexLeadsNowhereElse(String shard, @TempDir Path folder) throws Exception {
    Files.copy(
        Fixtures.path("gemma-tiny/hf-sharded/config.json"),
        folder.resolve("config.json"),
        StandardCopyOption.REPLACE_EXISTING);
    for (String kind : new String[] {"model.safetensors", "pytorch_model.bin"}) {
      Path index = folder.resolve(kind + ".index.json");
      Files.writeString(index, "{\"weight_map\": {\"model.norm.weight\": \"" + shard + "\"}}");
      assertThatThrownBy(() -> ModelLoader.load(folder.toString(), Set.of()))
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining(index.getFileName().toString())
          .hasMessageContaining("'weight_map' puts 'model.norm.weight' into '" + shard + "'")
          .extracting(e -> ((ZlensException) e).kind())
          .isEqualTo(Kind.DATA);
      Files.delete(index);
    }
  }

  @Test
  void aShardThatIsNotThereOrLacksATensorIsNamed(@TempDir Path folder) throws Exception {
    for (String name : new String[] {"config.json", "model.safetensors.index.json"}) {
      Files.copy(Fixtures.path("gemma-tiny/hf-sharded/" + name), folder.resolve(name));
    }
    assertThatThrownBy(() -> ModelLoader.load(folder.toString(), Set.of()))
        .hasMessageContaining("no file '" + folder.resolve("model-00001-of-00002.safetensors"));
    for (int i = 1; i <= 2; i++) {
      Files.copy(
          Fixtures.path("gemma-tiny/hf-sharded/model-00001-of-00002.safetensors"),
          folder.resolve("model-0000" + i + "-of-00002.safetensors"));
    }
    assertThatThrownBy(() -> ModelLoader.load(folder.toString(), Set.of()))
        .hasMessageContaining("model-00002-of-00002.safetensors' has no tensor");
  }

  @Test
  void whatIsNotKnownIsRefused(@TempDir Path folder) throws Exception {
    Path config = folder.resolve("config.json");
    String[][] cases = {
      {NEOX.replace("gpt_neox", "bloom"), "'model_type' is 'bloom', which is not known"},
      {NEOX.replace("\"gelu\"", "\"mish\""), "'hidden_act' is 'mish', which is not known"},
      {NEOX.replace("0.34", "0.01"), "0 components of a head turn"},
      {GEMMA2.replace("100,", "100, \"rope_scaling\": {\"rope_type\": \"yarn\"},"), "is 'yarn'"},
      {GEMMA2.replace("heads\": 2", "heads\": 3"), "does not divide 4"},
      {GEMMA2.replace("50", "500000000"), "expected a whole number from 1 to"}
    };
    for (String[] one : cases) {
      Files.writeString(config, one[0]);
      assertThatThrownBy(() -> ModelLoader.config(folder.toString(), folder, Set.of()))
          .as(one[1])
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining(one[1]);
    }
  }
}
