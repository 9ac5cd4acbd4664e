package org.zlens.engine.sae;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.io.ElementType;
import org.zlens.engine.io.JsonFile;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.TensorFile;

/** Folders written against those that SAELens itself wrote. */
class SaeLensWriterTest {
  /** What we add to the metadata, where SAELens keeps whatever it finds. */
  private static final Set<String> OURS = Set.of("stored_dtype");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "saelens-v6/blocks.1.attn.hook_z",
        "residual-v6/blocks.0.hook_resid_pre",
        "topk-v6",
        "topk-rescaled-v6",
        "jumprelu-v6",
        "gated-v6",
        "norm-layer-norm-v6",
        "norm-constant-norm-rescale-v6"
      })
  void aFolderOfSaeLensComesOutAsItWas(String name) {
    Path original = Fixtures.path("saes/" + name);
    SaeLensWriter.write(folder, SaeReader.read(original), ElementType.F32);
    sameTensors(original.resolve(SaeLensFormat.WEIGHTS), folder.resolve(SaeLensFormat.WEIGHTS));
    Path sparsity = original.resolve(SaeLensFormat.SPARSITY);
    assertThat(folder.resolve(SaeLensFormat.SPARSITY).toFile().exists())
        .isEqualTo(sparsity.toFile().exists());
    if (sparsity.toFile().exists()) {
      sameTensors(sparsity, folder.resolve(SaeLensFormat.SPARSITY));
    }
    JsonNode expected = JsonFile.read(original.resolve(SaeLensFormat.SETTINGS));
    JsonNode actual = JsonFile.read(folder.resolve(SaeLensFormat.SETTINGS));
    sameSettings(expected, actual, "metadata");
    sameSettings(expected.get("metadata"), actual.get("metadata"), null);
  }

  private static void sameTensors(Path expected, Path actual) {
    try (TensorFile theirs = Safetensors.open(expected);
        TensorFile ours = Safetensors.open(actual)) {
      assertThat(ours.names()).containsExactlyInAnyOrderElementsOf(theirs.names());
      for (String name : theirs.names()) {
        assertThat(ours.info(name).type()).isEqualTo(theirs.info(name).type());
        assertThat(ours.info(name).shape()).isEqualTo(theirs.info(name).shape());
        assertThat(ours.floats(name)).as(name).isEqualTo(theirs.floats(name));
      }
    }
  }

  /** Every setting that says something is there with its value and type, and no other. */
  private static void sameSettings(JsonNode expected, JsonNode actual, String except) {
    for (Map.Entry<String, JsonNode> entry : expected.properties()) {
      if (!entry.getValue().isNull() && !entry.getKey().equals(except)) {
        assertThat(actual.get(entry.getKey())).as(entry.getKey()).isEqualTo(entry.getValue());
      }
    }
    for (Map.Entry<String, JsonNode> entry : actual.properties()) {
      assertThat(expected.has(entry.getKey()) || OURS.contains(entry.getKey()))
          .as(entry.getKey())
          .isTrue();
    }
  }

  @Test
  void anOlderLayoutKeepsTheVersionThatTrainedIt() {
    Path original = Fixtures.path("saes/saelens-v5/blocks.1.attn.hook_z");
    JsonNode before = JsonFile.read(original.resolve(SaeLensFormat.SETTINGS));
    SaeLensWriter.write(folder, SaeReader.read(original), ElementType.F32);
    JsonNode after = JsonFile.read(folder.resolve(SaeLensFormat.SETTINGS)).get("metadata");
    assertThat(after.get("sae_lens_training_version"))
        .isEqualTo(before.get("sae_lens_training_version"));
    assertThat(after.get("converted_from").asText()).isEqualTo("saelens-v5");
    assertThat(after.get("sae_lens_version").asText()).startsWith("6.");
    SaeWeights again = SaeReader.read(folder);
    SaeLensWriter.write(folder.resolve("again"), again, ElementType.F32);
    JsonNode twice =
        JsonFile.read(folder.resolve("again").resolve(SaeLensFormat.SETTINGS)).get("metadata");
    assertThat(twice).isEqualTo(after);
  }
}
