package org.zlens.engine.model;

import java.util.Map;
import org.zlens.engine.io.JsonSettings;

/** What the {@code config.json} of several families state under keys of the same meaning. */
public final class ConfigKeys {
  private static final int LARGEST = 1 << 24;
  private static final int MOST_LAYERS = 1024;

  private static final Map<String, ActivationKind> ACTIVATIONS =
      Map.of(
          "gelu_new", ActivationKind.GELU_TANH,
          "gelu_pytorch_tanh", ActivationKind.GELU_TANH,
          "gelu", ActivationKind.GELU,
          "silu", ActivationKind.SILU,
          "swish", ActivationKind.SILU,
          "relu", ActivationKind.RELU);

  private ConfigKeys() {}

  /** A size that must be stated. */
  public static int size(JsonSettings json, String key) {
    return json.whole(key, 1, LARGEST);
  }

  /** A size, or what stands for a missing one. */
  public static int size(JsonSettings json, String key, int fallback) {
    return json.whole(key, 1, LARGEST, fallback);
  }

  /** The number of blocks. */
  public static int layers(JsonSettings json, String key) {
    return json.whole(key, 1, MOST_LAYERS);
  }

  /** What is added under the root of a norm. */
  public static double eps(JsonSettings json, String key, double fallback) {
    return between(json, key, 1e-12, 1, fallback);
  }

  /** A number between bounds, or what stands for a missing one. */
  public static double between(
      JsonSettings json, String key, double least, double most, double fallback) {
    return json.has(key) ? between(json, key, least, most) : fallback;
  }

  /** A number between bounds that must be stated. */
  public static double between(JsonSettings json, String key, double least, double most) {
    double value = json.number(key);
    if (!(value >= least && value <= most)) {
      throw json.fault(key, "is " + value + ", expected a number from " + least + " to " + most);
    }
    return value;
  }

  /** An activation by the name that Hugging Face gives it. */
  public static ActivationKind activation(JsonSettings json, String key, String fallback) {
    String name = json.text(key, fallback);
    ActivationKind kind = ACTIVATIONS.get(name);
    if (kind == null) {
      throw json.unknownValue(key, name, ACTIVATIONS.keySet());
    }
    return kind;
  }

  /** Width of a head: stated, or the width of the model over the number of heads. */
  public static int headWidth(JsonSettings json, int dModel, int heads) {
    if (!json.has("head_dim") && dModel % heads != 0) {
      throw json.fault("the width " + dModel + " is not a multiple of its " + heads + " heads");
    }
    return size(json, "head_dim", dModel / heads);
  }

  /** Key and value heads, which must divide the heads. */
  public static int keyValueHeads(JsonSettings json, int heads) {
    int own = json.whole("num_key_value_heads", 1, heads, heads);
    if (heads % own != 0) {
      throw json.fault("num_key_value_heads", "is " + own + ", which does not divide " + heads);
    }
    return own;
  }
}
