package org.zlens.engine.model;

import java.util.Set;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.tokenizer.Tokenizer;

/**
 * A transformer with its tokenizer and where it came from; it owns both.
 *
 * @param name as the user asked for it
 * @param family the {@code model_type} of its files, {@code toy} for those of TransformerLens
 * @param processing the steps that its weights went through
 * @param sha256 of the file with the weights
 */
public record LanguageModel(
    String name,
    String family,
    Transformer transformer,
    Tokenizer tokenizerOrNull,
    Set<WeightStep> processing,
    String sha256)
    implements AutoCloseable {

  /** The tokenizer; an exception of kind DATA if the model came without one. */
  public Tokenizer tokenizer() {
    if (tokenizerOrNull == null) {
      throw new ZlensException(
          Kind.DATA,
          "model '" + name + "' came without a tokenizer.json",
          "give prompts as token ids: prompt tokens [5, 17, 3]");
    }
    return tokenizerOrNull;
  }

  /** Sizes and kinds. */
  public ModelConfig config() {
    return transformer.config();
  }

  /** This model with all its weights read, after which its files are of no matter. */
  LanguageModel read() {
    try {
      transformer.weights().tensors();
      return this;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public void close() {
    transformer.weights().close();
    if (tokenizerOrNull != null) {
      tokenizerOrNull.close();
    }
  }
}
