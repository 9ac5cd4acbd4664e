package org.zlens.engine.model.gpt2;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.model.ActivationKind;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.model.StoredWeights;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * GPT-2 as Hugging Face stores it: names and layouts of {@code model.safetensors}, keys of {@code
 * config.json}.
 *
 * <p>Linear weights are stored input by output ({@code Conv1D}), queries, keys and values side by
 * side; names may carry the prefix {@code transformer.}; mask buffers are skipped.
 */
public final class Gpt2Folder {
  private Gpt2Folder() {}

  /** The sizes that a {@code config.json} of a GPT-2 states. */
  public static ModelConfig config(JsonNode json) {
    int dModel = size(json, "n_embd");
    int heads = size(json, "n_head");
    if (dModel % heads != 0) {
      throw new ZlensException(
          Kind.DATA,
          "config.json: n_embd " + dModel + " is not a multiple of n_head " + heads,
          null);
    }
    if (json.path("scale_attn_by_inverse_layer_idx").asBoolean(false)
        || !json.path("scale_attn_weights").asBoolean(true)) {
      throw new ZlensException(
          Kind.DATA, "config.json: this scaling of attention scores is not supported", null);
    }
    JsonNode inner = json.path("n_inner");
    double eps = json.path("layer_norm_epsilon").asDouble(1e-5);
    if (!(eps > 0 && eps < 1)) {
      throw new ZlensException(Kind.DATA, "config.json: layer_norm_epsilon is " + eps, null);
    }
    return new ModelConfig(
        size(json, "n_layer"),
        dModel,
        heads,
        heads,
        dModel / heads,
        inner.isNumber() ? size(json, "n_inner") : 4 * dModel,
        size(json, "n_positions"),
        size(json, "vocab_size"),
        NormKind.LAYER_NORM,
        eps,
        activation(json.path("activation_function").asText("gelu_new")));
  }

  private static int size(JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.isIntegralNumber() || value.asLong() <= 0 || value.asLong() > 1 << 24) {
      throw new ZlensException(
          Kind.DATA,
          "config.json: '" + key + "' must be a positive whole number, found " + value,
          "is this the folder of a GPT-2?");
    }
    return value.asInt();
  }

  private static ActivationKind activation(String name) {
    return switch (name) {
      case "gelu_new", "gelu_pytorch_tanh" -> ActivationKind.GELU_TANH;
      case "gelu" -> ActivationKind.GELU;
      default ->
          throw new ZlensException(
              Kind.DATA,
              "config.json: unknown activation_function '" + name + "'",
              "known are gelu_new, gelu_pytorch_tanh and gelu");
    };
  }

  /** Reads {@code model.safetensors}; the caller owns the weights. */
  public static Weights weights(Path file, ModelConfig config, Progress progress) {
    try (TensorFile tensors = Safetensors.open(file);
        Scope scope = Scope.open()) {
      StoredWeights stored = new StoredWeights(tensors, progress);
      String prefix = stored.has("transformer.wte.weight") ? "transformer." : "";
      int d = config.dModel();
      Tensor wE = stored.read(prefix + "wte.weight", config.dVocab(), d);
      Tensor wPos = stored.read(prefix + "wpe.weight", config.context(), d);
      List<BlockWeights> blocks = new ArrayList<>();
      for (int layer = 0; layer < config.layers(); layer++) {
        blocks.add(block(stored, prefix + "h." + layer + ".", config));
      }
      Tensor gain = stored.read(prefix + "ln_f.weight", d);
      Tensor bias = stored.read(prefix + "ln_f.bias", d);
      boolean tied = !stored.has("lm_head.weight");
      Tensor head = tied ? wE : stored.read("lm_head.weight", config.dVocab(), d);
      stored.requireAllRead(
          name -> name.endsWith(".attn.bias") || name.endsWith(".attn.masked_bias"));
      Tensor wU = head.transpose(0, 1);
      Tensor bU = Tensor.zeros(config.dVocab());
      Weights weights = new Weights(wE, wPos, List.copyOf(blocks), gain, bias, wU, bU);
      // Not before all is well: what was read of a broken file goes with this scope.
      weights.tensors().forEach(Scope::release);
      return weights;
    }
  }

  private static BlockWeights block(StoredWeights stored, String at, ModelConfig config) {
    int d = config.dModel();
    int mlp = config.dMlp();
    Tensor attention = stored.read(at + "attn.c_attn.weight", d, 3L * d);
    Tensor attentionBias = stored.read(at + "attn.c_attn.bias", 3L * d);
    Tensor[] w = new Tensor[3];
    Tensor[] b = new Tensor[3];
    try (Scope scope = Scope.open()) {
      for (int i = 0; i < 3; i++) {
        w[i] = scope.keep(attention.slice(1, (long) i * d, (i + 1L) * d).copy());
        b[i] = scope.keep(attentionBias.slice(0, (long) i * d, (i + 1L) * d).copy());
      }
    }
    attention.close();
    attentionBias.close();
    return new BlockWeights(
        stored.read(at + "ln_1.weight", d),
        stored.read(at + "ln_1.bias", d),
        w[0],
        b[0],
        w[1],
        b[1],
        w[2],
        b[2],
        stored.read(at + "attn.c_proj.weight", d, d),
        stored.read(at + "attn.c_proj.bias", d),
        stored.read(at + "ln_2.weight", d),
        stored.read(at + "ln_2.bias", d),
        stored.read(at + "mlp.c_fc.weight", d, mlp),
        stored.read(at + "mlp.c_fc.bias", mlp),
        stored.read(at + "mlp.c_proj.weight", mlp, d),
        stored.read(at + "mlp.c_proj.bias", d));
  }
}
