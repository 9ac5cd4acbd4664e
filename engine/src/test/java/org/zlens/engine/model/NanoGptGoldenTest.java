package org.zlens.engine.model;

import static org.zlens.engine.TensorAssert.assertClose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.Fixtures;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.io.SafetensorsWriter;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * A published 3-layer GPT that sorts letters, with every intermediate value of its first block
 * published too. Its untied unembedding and its linear weights stored output by input are what the
 * other goldens do not have.
 */
class NanoGptGoldenTest {
  private static final double TOLERANCE = 1e-4;
  private static final String CONFIG =
      """
      {"model_type": "gpt2", "n_layer": 3, "n_head": 3, "n_embd": 48, "n_positions": 11,
       "vocab_size": 3, "activation_function": "gelu_new"}
      """;

  private static JsonNode json(String name) throws Exception {
    return new ObjectMapper().readTree(Fixtures.path("real/llm_viz_nano_gpt/" + name).toFile());
  }

  private static long[] shape(JsonNode tensor) {
    long[] shape = new long[tensor.path("shape").size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = tensor.path("shape").get(i).asLong();
    }
    return shape;
  }

  private static float[] floats(JsonNode tensor) {
    byte[] bytes = Base64.getDecoder().decode(tensor.path("data").asText());
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static float[] transposed(float[] values, int rows, int columns) {
    float[] other = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        other[column * rows + row] = values[row * columns + column];
      }
    }
    return other;
  }

  private static void writeFolder(Path folder) throws Exception {
    SafetensorsWriter writer = new SafetensorsWriter();
    json("gpt-nano-sort-model.json")
        .properties()
        .forEach(
            entry -> {
              String name = entry.getKey();
              if (name.equals("config") || name.endsWith(".attn.bias")) {
                return;
              }
              long[] shape = shape(entry.getValue());
              float[] values = floats(entry.getValue());
              if (shape.length == 2 && name.contains(".h.")) {
                values = transposed(values, (int) shape[0], (int) shape[1]);
                shape = new long[] {shape[1], shape[0]};
              }
              writer.add(name, shape, values);
            });
    writer.write(folder.resolve("model.safetensors"));
    Files.writeString(folder.resolve("config.json"), CONFIG);
  }

  @Test
  void everyPublishedValue(@TempDir Path folder) throws Exception {
    JsonNode published = json("gpt-nano-sort-t0-partials.json");
    writeFolder(folder);
    try (Scope scope = Scope.open();
        LanguageModel model =
            ModelLoader.load(folder.toString(), EnumSet.noneOf(WeightStep.class))) {
      Tensor tokens = Tensor.of(floats(published.path("idx")), 3, 11).toLongs();
      Activations run =
          model.transformer().forward(tokens, Hooks.none().captureAll(model.config()));
      compare(published, "tok_emb", run.get(at(Site.EMBED)));
      compare(published, "x", run.get(Site.RESID_PRE, 0));
      compare(published, "ln1", run.get(Site.LN1_NORMALIZED, 0));
      compare(published, "q", run.get(Site.Q, 0).transpose(1, 2));
      compare(published, "k", run.get(Site.K, 0).transpose(1, 2));
      compare(published, "v", run.get(Site.V, 0).transpose(1, 2));
      compare(published, "att", run.get(Site.ATTN_SCORES, 0));
      compare(published, "attSm", run.get(Site.PATTERN, 0));
      compare(published, "y", run.get(Site.Z, 0).reshape(3, 11, 48));
      compare(published, "yProj", run.get(Site.ATTN_OUT, 0));
      compare(published, "attnResid", run.get(Site.RESID_MID, 0));
      compare(published, "ln2", run.get(Site.LN2_NORMALIZED, 0));
      compare(published, "fc", run.get(Site.PRE, 0));
      compare(published, "gelu", run.get(Site.POST, 0));
      compare(published, "mlp", run.get(Site.MLP_OUT, 0));
      for (int layer = 0; layer < 3; layer++) {
        compare(published, "block" + layer, run.get(Site.RESID_POST, layer));
      }
      compare(published, "ln_f", run.get(at(Site.FINAL_NORMALIZED)));
      compare(published, "lm_head", run.logits());
      compare(published, "probs", run.logits().softmax(-1));
    }
  }

  private static Location at(Site site) {
    return Location.of(site);
  }

  private static void compare(JsonNode published, String name, Tensor actual) {
    assertClose(name, actual.floats(), floats(published.path(name)), TOLERANCE);
  }
}
