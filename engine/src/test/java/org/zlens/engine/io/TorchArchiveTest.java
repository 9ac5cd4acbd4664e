package org.zlens.engine.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.Fixtures;

class TorchArchiveTest {
  @ParameterizedTest
  @ValueSource(strings = {"views_and_dtypes", "big_endian", "legacy"})
  void readsUnusualArchivesExactly(String name) {
    Path archive = Fixtures.path("saes/formats/" + name + ".pt");
    Path golden = Fixtures.path("saes/formats/" + name + ".golden.safetensors");
    try (TensorFile actual = TensorFile.open(archive);
        TensorFile expected = TensorFile.open(golden)) {
      assertThat(actual).isInstanceOf(TorchArchive.class);
      assertThat(actual.names()).containsExactlyInAnyOrderElementsOf(expected.names());
      for (String tensor : expected.names()) {
        assertThat(actual.info(tensor).type()).isEqualTo(expected.info(tensor).type());
        assertThat(actual.info(tensor).shape()).isEqualTo(expected.info(tensor).shape());
        assertThat(actual.floats(tensor)).as(tensor).isEqualTo(expected.floats(tensor));
      }
    }
  }

  @Test
  void readsViewsInParts() {
    Path archive = Fixtures.path("saes/formats/views_and_dtypes.pt");
    try (TensorFile file = TensorFile.open(archive)) {
      float[] whole = file.floats("transposed");
      ByteBuffer part = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder());
      file.readFloats("transposed", 9, 5, part);
      part.flip();
      for (int i = 0; i < 5; i++) {
        assertThat(part.getFloat()).isEqualTo(whole[9 + i]);
      }
    }
  }

  @Test
  void readsTheTransformerLensModel() {
    try (TensorFile file = TensorFile.open(Fixtures.path("gelu2l-tiny/model_final.pth"))) {
      assertThat(file.names()).contains("embed.W_E", "blocks.1.attn.W_Q", "unembed.b_U");
      assertThat(file.info("embed.W_E").shape()).containsExactly(101, 32);
      assertThat(file.floats("embed.W_E")).hasSize(3232);
    }
  }

  @Test
  void keepsPlainValuesAndSkipsUnknownClasses() {
    Path path =
        Fixtures.path(
            "saes/residual-bloom/final_sparse_autoencoder_gpt2-tiny_blocks.1.hook_resid_pre_160.pt");
    try (TorchArchive file = TorchArchive.open(path)) {
      assertThat(file.names())
          .containsExactlyInAnyOrder(
              "state_dict.W_enc", "state_dict.W_dec", "state_dict.b_enc", "state_dict.b_dec");
      JsonNode configuration = file.tree().get("cfg");
      assertThat(configuration.get("__class__").textValue())
          .isEqualTo("sae_training.config.LanguageModelSAERunnerConfig");
      assertThat(configuration.get("d_in").intValue()).isEqualTo(48);
      assertThat(configuration.get("hook_point").textValue()).isEqualTo("blocks.1.hook_resid_pre");
      assertThat(configuration.get("l1_coefficient").doubleValue()).isEqualTo(8e-5);
      assertThat(configuration.get("device").textValue()).isEqualTo("cuda");
    }
  }
}
