package org.zlens.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.zlens.engine.TensorAssert.assertClose;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.Fixtures;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.SafetensorsWriter;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * A published story model in the manner of Llama, laid out as Hugging Face would: it tells the
 * published story, token by token, with weights as stored and processed.
 */
class StoriesTest {
  private static final int LAYERS = 5;
  private static final int WIDTH = 64;
  private static final int HIDDEN = 172;
  private static final int KEYS = 32;
  private static final int SIZE = 8;
  private static final int VOCABULARY = 512;
  private static final int TOKENS = 256;
  private static final String CONFIG =
      """
      {"model_type": "llama", "num_hidden_layers": 5, "hidden_size": 64, "intermediate_size": 172,
       "num_attention_heads": 8, "num_key_value_heads": 4, "vocab_size": 512,
       "max_position_embeddings": 512, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
       "hidden_act": "silu", "tie_word_embeddings": true, "bos_token_id": 1}
      """;

  private static ByteBuffer file(String name) throws Exception {
    byte[] bytes = Files.readAllBytes(Fixtures.path("real/stories260K/" + name));
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static float[] next(ByteBuffer file, int count) {
    float[] values = new float[count];
    file.asFloatBuffer().get(values);
    file.position(file.position() + count * Float.BYTES);
    return values;
  }

  private static void write(Path folder) throws Exception {
    ByteBuffer file = file("stories260K.bin");
    file.position(7 * Integer.BYTES);
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.add(
        "model.embed_tokens.weight",
        new long[] {VOCABULARY, WIDTH},
        next(file, VOCABULARY * WIDTH));
    each(writer, file, "input_layernorm", WIDTH);
    each(writer, file, "self_attn.q_proj", WIDTH, WIDTH);
    each(writer, file, "self_attn.k_proj", KEYS, WIDTH);
    each(writer, file, "self_attn.v_proj", KEYS, WIDTH);
    each(writer, file, "self_attn.o_proj", WIDTH, WIDTH);
    each(writer, file, "post_attention_layernorm", WIDTH);
    each(writer, file, "mlp.gate_proj", HIDDEN, WIDTH);
    each(writer, file, "mlp.down_proj", WIDTH, HIDDEN);
    each(writer, file, "mlp.up_proj", HIDDEN, WIDTH);
    writer.add("model.norm.weight", new long[] {WIDTH}, next(file, WIDTH));
    writer.write(folder.resolve("model.safetensors"));
    Files.writeString(folder.resolve("config.json"), CONFIG);
  }

  private static void each(SafetensorsWriter writer, ByteBuffer file, String name, long... shape) {
    int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    for (int layer = 0; layer < LAYERS; layer++) {
      float[] values = next(file, count);
      boolean turns = name.endsWith("q_proj") || name.endsWith("k_proj");
      writer.add(
          "model.layers." + layer + "." + name + ".weight", shape, turns ? halves(values) : values);
    }
  }

  /** Rows whose neighbours turn together, so that halves of a head do. */
  private static float[] halves(float[] rows) {
    float[] turned = new float[rows.length];
    for (int row = 0; row < rows.length / WIDTH; row++) {
      int i = row % SIZE;
      int to = row - i + i / 2 + (i % 2) * SIZE / 2;
      System.arraycopy(rows, row * WIDTH, turned, to * WIDTH, WIDTH);
    }
    return turned;
  }

  private static byte[][] vocabulary() throws Exception {
    ByteBuffer file = file("tok512.bin");
    file.getInt();
    byte[][] pieces = new byte[VOCABULARY][];
    for (int i = 0; i < VOCABULARY; i++) {
      file.getFloat();
      pieces[i] = new byte[file.getInt()];
      file.get(pieces[i]);
    }
    return pieces;
  }

  /** The text of tokens; a token of one byte is spelled {@code <0x0A>}. */
  private static String text(long[] tokens) throws Exception {
    byte[][] pieces = vocabulary();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int i = 1; i < tokens.length; i++) {
      byte[] piece = pieces[(int) tokens[i]];
      String spelled = new String(piece, StandardCharsets.UTF_8);
      if (spelled.matches("<0x[0-9A-F]{2}>")) {
        text.write(Integer.parseInt(spelled.substring(3, 5), 16));
      } else {
        text.writeBytes(piece);
      }
    }
    return text.toString(StandardCharsets.UTF_8).strip();
  }

  private static long[] story(Transformer model) {
    long[] tokens = new long[TOKENS + 1];
    tokens[0] = 1;
    int length = 1;
    try (Continuation grown = new Continuation(model, TOKENS + 1)) {
      while (length <= TOKENS) {
        try (Scope scope = Scope.open()) {
          Tensor so = Tensor.of(Arrays.copyOf(tokens, length), 1, length);
          tokens[length] = grown.next(so, Continuation.Edits.NONE).argMax(0).longs()[0];
        }
        if (tokens[length] == 1) {
          break;
        }
        length++;
      }
    }
    return Arrays.copyOf(tokens, length);
  }

  @Test
  void thePublishedStoryToTheLetter(@TempDir Path folder) throws Exception {
    write(folder);
    String published =
        Files.readString(Fixtures.path("real/stories260K/expected-greedy.txt")).strip();
    for (Set<WeightStep> steps : List.of(Set.<WeightStep>of(), WeightStep.all())) {
      try (Scope scope = Scope.open();
          LanguageModel model = ModelLoader.load(folder.toString(), steps)) {
        String told = text(story(model.transformer()));
        assertThat(told).isEqualTo(published);
      }
    }
  }

  @Test
  void thePublishedLogits(@TempDir Path folder) throws Exception {
    write(folder);
    try (Scope scope = Scope.open();
        TensorFile golden =
            Safetensors.open(Fixtures.path("real/stories260K/greedy24.safetensors"));
        LanguageModel model = ModelLoader.load(folder.toString(), Set.of())) {
      Tensor tokens = Tensor.of(golden.readLongs("tokens"), 1, 24);
      Tensor logits = model.transformer().forward(tokens, Hooks.none()).logits().select(0, 0);
      assertClose("logits", logits, golden, "logits", 1e-4);
    }
  }
}
