package org.zlens.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.Scope;

/** Weights of every family stored as F16, BF16 and F32, in one file or in parts of either kind. */
class FloatKindsTest {
  @ParameterizedTest
  @CsvSource({
    "gpt2-tiny/hf, model.safetensors, F16",
    "gpt2-tiny/hf, model.safetensors, BF16",
    "gpt2-tiny/hf, model.safetensors, F32",
    "gelu2l-tiny, model_final.pth, F16",
    "gelu2l-tiny, model_final.pth, BF16",
    "gelu2l-tiny, model_final.pth, F32",
    "gemma-tiny/hf, model.safetensors, F16",
    "gemma-tiny/hf, model.safetensors, BF16",
    "gemma-tiny/hf, model.safetensors, F32",
    "llama-tiny/hf, model.safetensors, F16",
    "llama-tiny/hf, model.safetensors, BF16",
    "llama-tiny/hf, model.safetensors, F32",
    "families/neox, model.safetensors, F16",
    "families/neox, model.safetensors, BF16",
    "families/neox, model.safetensors, F32"
  })
  void aModelIsTheOneOfItsRoundedNumbers(
      String model, String file, NarrowFile.Kind kind, @TempDir Path narrow, @TempDir Path wide)
      throws Exception {
    for (Path folder : new Path[] {narrow, wide}) {
      Files.copy(path(model, "config.json"), folder.resolve("config.json"));
    }
    try (TensorFile source = TensorFile.open(path(model, file))) {
      NarrowFile.write(source, kind, narrow.resolve("model.safetensors"));
      NarrowFile.writeRounded(source, kind, wide.resolve("model.safetensors"));
    }
    try (Scope scope = Scope.open();
        LanguageModel read = ModelLoader.load(narrow.toString(), Set.of());
        LanguageModel rounded = ModelLoader.load(wide.toString(), Set.of())) {
      var own = List.copyOf(read.transformer().weights().tensors());
      var expected = List.copyOf(rounded.transformer().weights().tensors());
      assertThat(own).hasSameSizeAs(expected);
      for (int i = 0; i < own.size(); i++) {
        assertThat(own.get(i).shape()).isEqualTo(expected.get(i).shape());
        assertThat(own.get(i).floats()).containsExactly(expected.get(i).floats());
      }
    }
  }

  /** A file of a model of the fixtures, or of one that lies beside this test. */
  private static Path path(String model, String file) throws URISyntaxException {
    URL own = FloatKindsTest.class.getResource(model + "/" + file);
    return own == null ? Fixtures.path(model + "/" + file) : Path.of(own.toURI());
  }

  /** Numbers of a quantised model are no weights without what scales them. */
  @Test
  void wholeNumbersAreNoWeights(@TempDir Path folder) throws IOException {
    Files.copy(Fixtures.path("gpt2-tiny/hf/config.json"), folder.resolve("config.json"));
    byte[] bytes = Files.readAllBytes(Fixtures.path("gpt2-tiny/hf/model.safetensors"));
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("\"transformer.h.1.mlp.c_fc.weight\":{\"dtype\":\"F32\"");
    bytes[text.indexOf("F32", at)] = 'I';
    Files.write(folder.resolve("model.safetensors"), bytes);
    assertThatThrownBy(() -> ModelLoader.load(folder.toString(), Set.of()))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("tensor 'transformer.h.1.mlp.c_fc.weight'")
        .hasMessageEndingWith("holds I32, which are no weights");
  }

  @Test
  void partsOfTorchHaveAnIndexToo(@TempDir Path folder) throws IOException {
    Files.copy(Fixtures.path("gelu2l-tiny/config.json"), folder.resolve("config.json"));
    Path index = folder.resolve("pytorch_model.bin.index.json");
    StringBuilder map = new StringBuilder();
    try (TensorFile source = TensorFile.open(Fixtures.path("gelu2l-tiny/model_final.pth"))) {
      for (String name : source.names()) {
        map.append(map.isEmpty() ? "" : ",").append('"').append(name).append("\":\"part-1.bin\"");
      }
    }
    Files.writeString(index, "{\"weight_map\": {" + map + "}}");
    assertThatThrownBy(() -> ModelLoader.load(folder.toString(), Set.of()))
        .isInstanceOfSatisfying(
            ZlensException.class,
            e -> assertThat(e.hint()).contains("'pytorch_model.bin.index.json' says"))
        .hasMessageContaining("no file '" + folder.resolve("part-1.bin"));
    Files.copy(Fixtures.path("gelu2l-tiny/model_final.pth"), folder.resolve("part-1.bin"));
    try (Scope scope = Scope.open();
        LanguageModel read = ModelLoader.load(folder.toString(), Set.of());
        LanguageModel whole = ModelLoader.load(Fixtures.path("gelu2l-tiny").toString(), Set.of())) {
      assertThat(read.transformer().weights().wU().floats())
          .containsExactly(whole.transformer().weights().wU().floats());
    }
  }
}
