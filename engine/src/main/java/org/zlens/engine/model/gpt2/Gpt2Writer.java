package org.zlens.engine.model.gpt2;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.zlens.engine.io.AtomicFile;
import org.zlens.engine.io.ElementType;
import org.zlens.engine.io.SafetensorsWriter;
import org.zlens.engine.model.ActivationKind;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** Writes unprocessed weights as a Hugging Face folder of a GPT-2 with tied embeddings. */
public final class Gpt2Writer {
  private final SafetensorsWriter file = new SafetensorsWriter().metadata("format", "pt");
  private final ElementType type;

  private Gpt2Writer(ElementType type) {
    this.type = type;
  }

  /** Writes {@code config.json} and {@code model.safetensors}, values as F32 or F16. */
  public static void write(Path folder, ModelConfig config, Weights w, int bos, ElementType type) {
    Gpt2Writer writer = new Gpt2Writer(type);
    try (Scope scope = Scope.open()) {
      writer.add("transformer.wte.weight", w.wE());
      writer.add("transformer.wpe.weight", w.wPos());
      for (int layer = 0; layer < w.blocks().size(); layer++) {
        writer.block("transformer.h." + layer + ".", w.blocks().get(layer));
      }
      writer.add("transformer.ln_f.weight", w.finalGain());
      writer.add("transformer.ln_f.bias", w.finalBias());
      writer.file.write(folder.resolve("model.safetensors"));
    }
    byte[] json = config(config, bos).toPrettyString().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(
        folder.resolve("config.json"), channel -> channel.write(java.nio.ByteBuffer.wrap(json)));
  }

  private static ObjectNode config(ModelConfig config, int bos) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.putArray("architectures").add("GPT2LMHeadModel");
    json.put("model_type", "gpt2");
    json.put(
        "activation_function",
        config.activation() == ActivationKind.GELU_TANH ? "gelu_new" : "gelu");
    json.put("bos_token_id", bos);
    json.put("eos_token_id", bos);
    json.put("layer_norm_epsilon", config.normEps());
    json.put("n_embd", config.dModel());
    json.put("n_head", config.heads());
    json.put("n_inner", config.dMlp());
    json.put("n_layer", config.layers());
    json.put("n_positions", config.context());
    json.put("n_ctx", config.context());
    json.put("vocab_size", config.dVocab());
    json.put("tie_word_embeddings", true);
    return json;
  }

  private void block(String at, BlockWeights b) {
    add(at + "ln_1.weight", b.ln1Gain());
    add(at + "ln_1.bias", b.ln1Bias());
    add(at + "attn.c_attn.weight", Tensor.cat(List.of(b.wQ(), b.wK(), b.wV()), 1));
    add(at + "attn.c_attn.bias", Tensor.cat(List.of(b.bQ(), b.bK(), b.bV()), 0));
    add(at + "attn.c_proj.weight", b.wO());
    add(at + "attn.c_proj.bias", b.bO());
    add(at + "ln_2.weight", b.ln2Gain());
    add(at + "ln_2.bias", b.ln2Bias());
    add(at + "mlp.c_fc.weight", b.wIn());
    add(at + "mlp.c_fc.bias", b.bIn());
    add(at + "mlp.c_proj.weight", b.wOut());
    add(at + "mlp.c_proj.bias", b.bOut());
  }

  private void add(String name, Tensor tensor) {
    file.add(name, type, tensor.shape(), FloatBuffer.wrap(tensor.floats()));
  }
}
