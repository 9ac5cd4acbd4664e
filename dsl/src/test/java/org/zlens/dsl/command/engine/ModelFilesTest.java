package org.zlens.dsl.command.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.Safetensors;

/** Folders of models, whole and broken: each failure has its name, and the session lives on. */
class ModelFilesTest {
  @TempDir private Path directory;
  private Path folder;

  @BeforeEach
  void copyOfTinyModel() throws IOException {
    folder = Files.createDirectory(directory.resolve("tiny"));
    for (String name : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(Fixtures.path("gpt2-tiny/hf").resolve(name), folder.resolve(name));
    }
  }

  @Test
  void modelWithoutTokenizerTakesTokenIds() {
    try (Conversation talk = new Conversation(directory)) {
      talk.ask("model tiny");
      assertThat(talk.ask("prompt tokens [5, 17, 3]").table().get(0, 1)).isEqualTo("<5><17><3>");
      assertThat(talk.ask("logits top 2").table().rowCount()).isEqualTo(2);
      Diagnostic failure = talk.fail("prompt \"Then\"");
      assertThat(failure.message()).contains("came without a tokenizer.json");
      assertThat(failure.kind()).isEqualTo(Kind.DATA);
      assertThat(talk.ask("tokens").table().rowCount()).isEqualTo(3);
    }
  }

  @Test
  void whatHasNoTextGoesOnAllTheSame() throws IOException {
    try (Conversation talk = new Conversation(directory)) {
      assertThat(talk.ask("model tiny").notes())
          .contains("no tokenizer.json: prompts are token ids, prompt tokens [5, 17, 3]");
      talk.ask("prompt tokens [5, 17, 3]");
      assertThat(talk.ask("generate 3").table().getString(0, "continuation"))
          .matches("(<[0-9]+>){3}");
    }
    // Many models have more rows than their tokenizers have tokens.
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"version": "1.0", "added_tokens": [], "normalizer": null, "post_processor": null,
         "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false,
          "trim_offsets": true, "use_regex": true},
         "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
          "use_regex": true},
         "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2, "d": 3}, "merges": []}}
        """);
    try (Conversation talk = new Conversation(directory)) {
      talk.ask("model tiny\nprompt \"abcd\" nobos");
      assertThat(talk.ask("generate 30").table().getString(0, "continuation"))
          .matches("(<[0-9]+>|[abcd]){30}");
    }
  }

  @Test
  void processingLeavesPredictionsAsTheyAre() {
    try (Conversation talk = new Conversation(directory)) {
      talk.ask("let a = model tiny\nlet p = prompt tokens [5, 17, 3, 9]\nlet x = logits top 1000");
      talk.ask("let b = model tiny processing none\nlet q = prompt tokens [5, 17, 3, 9]");
      talk.ask("let y = logits top 1000");
      talk.ask("expect abs(x.probability - y.probability) < 1e-5\nexpect x.id = y.id");
      assertThat(talk.ask("model").notes()).contains("weights: as stored", "SAEs: none");
    }
  }

  @Test
  void missingWeights() throws IOException {
    Files.delete(folder.resolve("model.safetensors"));
    refuses("no file");
  }

  @Test
  void truncatedWeights() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(weights().toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }
    refuses("model.safetensors");
  }

  @Test
  void emptyWeights() throws IOException {
    Files.write(weights(), new byte[0]);
    refuses("model.safetensors");
  }

  @Test
  void weightsWithHugeHeader() throws IOException {
    ByteBuffer hostile = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(weights(), hostile.putLong(Long.MAX_VALUE).array());
    refuses("model.safetensors");
  }

  @Test
  void weightsWithNan() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(weights().toFile(), "rw")) {
      file.seek(file.length() - Float.BYTES);
      file.write(new byte[] {0, 0, (byte) 0xC0, 0x7F});
    }
    try (Conversation talk = new Conversation(directory)) {
      // Values are read when they are needed.
      talk.ask("model tiny");
      talk.ask("prompt tokens [1, 2, 3]");
      Diagnostic failure = talk.fail("logits top 1");
      assertThat(failure.message()).contains("not finite");
      assertThat(failure.kind()).isEqualTo(Kind.DATA);
      assertThat(talk.ask("tokens").table().rowCount()).isEqualTo(3);
    }
  }

  @Test
  void aCaptureReadsTheLayersUpToItAlone() throws IOException {
    long last;
    try (Safetensors file = Safetensors.open(weights())) {
      last =
          file.names().stream()
              .filter(name -> name.endsWith("h.1.ln_1.weight"))
              .mapToLong(file::offset)
              .findFirst()
              .orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(weights().toFile(), "rw")) {
      file.seek(last);
      file.write(new byte[] {0, 0, (byte) 0xC0, 0x7F});
    }
    try (Conversation talk = new Conversation(directory)) {
      talk.ask("model tiny");
      talk.ask("prompt tokens [1, 2, 3]");
      talk.ask("capture L0.resid_post");
      talk.ask("pattern L0.H0");
      assertThat(talk.fail("capture L1.z").message()).contains("h.1.ln_1.weight", "not finite");
    }
  }

  @Test
  void brokenConfig() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"n_layer\": 2,", StandardCharsets.UTF_8);
    refuses("is not valid JSON");
  }

  @Test
  void absurdConfig() throws IOException {
    Path config = folder.resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replaceAll("\"n_layer\": *\\d+", "\"n_layer\": -1"));
    refuses("n_layer");
  }

  @ParameterizedTest
  @CsvSource({
    "heads-not-divisible, n_head",
    "unknown-activation, activation_function",
    "unknown-model-type, model_type",
    "weights-incomplete, has no tensor"
  })
  void brokenFolders(String name, String cause) {
    Path broken = Fixtures.path("saes/broken/hf").resolve(name);
    try (Conversation talk = new Conversation(broken.getParent())) {
      Diagnostic failure = talk.fail("model \"" + name + "\"");
      assertThat(failure.message()).contains(cause);
      assertThat(failure.kind()).isEqualTo(Kind.DATA);
    }
  }

  /** The failure is one of data, says what is wrong, and leaves the model before it at work. */
  private void refuses(String cause) throws IOException {
    Path good = Files.createDirectory(directory.resolve("good"));
    for (String name : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(Fixtures.path("gpt2-tiny/hf").resolve(name), good.resolve(name));
    }
    try (Conversation talk = new Conversation(directory)) {
      talk.ask("model good");
      talk.ask("prompt tokens [1, 2, 3]");
      Diagnostic failure = talk.fail("model tiny");
      assertThat(failure.message()).contains(cause);
      assertThat(failure.kind()).isEqualTo(Kind.DATA);
      assertThat(failure.kind().exitCode()).isEqualTo(66);
      assertThat(talk.ask("logits top 1").table().rowCount()).isEqualTo(1);
    }
  }

  private Path weights() {
    return folder.resolve("model.safetensors");
  }
}
