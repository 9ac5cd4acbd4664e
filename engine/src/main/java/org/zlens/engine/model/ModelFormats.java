package org.zlens.engine.model;

import java.util.Map;
import java.util.TreeMap;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.model.gemma.GemmaFormat;
import org.zlens.engine.model.gpt2.Gpt2Format;
import org.zlens.engine.model.llama.LlamaFormat;
import org.zlens.engine.model.neox.NeoxFormat;
import org.zlens.engine.model.toy.ToyFormat;

/** The families that can be loaded, by the {@code model_type} of their {@code config.json}. */
final class ModelFormats {
  private static final String TYPE = "model_type";
  private static final String TOY = "toy";

  private static final Map<String, ModelFormat> BY_TYPE =
      new TreeMap<>(
          Map.of(
              "gemma",
              new GemmaFormat(false),
              "gemma2",
              new GemmaFormat(true),
              "gpt2",
              new Gpt2Format(),
              "gpt_neox",
              new NeoxFormat(),
              "llama",
              new LlamaFormat(),
              "mistral",
              new LlamaFormat(),
              "qwen2",
              new LlamaFormat(),
              TOY,
              new ToyFormat()));

  private ModelFormats() {}

  /** What the family of a model is called. */
  static String name(JsonSettings json) {
    // TransformerLens's own files state sizes under its names and no type.
    return json.has("d_vocab") || json.has("n_embd")
        ? json.text(TYPE, json.has("d_vocab") ? TOY : "gpt2")
        : json.text(TYPE);
  }

  /**
   * Whether a beginning-of-text token goes in front of texts for models of a family: not for Qwen,
   * which was trained without one (TransformerLens has the same rule).
   */
  static boolean prependsBos(JsonSettings json) {
    return !name(json).equals("qwen2");
  }

  /** The family of a model. */
  static ModelFormat of(JsonSettings json) {
    String type = name(json);
    ModelFormat format = BY_TYPE.get(type);
    if (format == null) {
      throw json.unknownValue(TYPE, type, BY_TYPE.keySet());
    }
    UnsupportedKeys.refuse(json);
    return format;
  }
}
