package org.zlens.engine.model;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Supplier;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.EmbeddedFolder;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Torch;
import org.zlens.engine.tokenizer.SpecialTokenFiles;
import org.zlens.engine.tokenizer.Tokenizer;

/**
 * Finds and loads models: the embedded one by its name, others by the path of a Hugging Face
 * folder.
 *
 * <p>To add a family, see the package.
 */
public final class ModelLoader {
  /** The name of the embedded model. */
  public static final String SPRIG = "sprig";

  private static final String SPRIG_FOLDER = "/org/zlens/engine/sprig";
  private static final String CONFIG = "config.json";

  private ModelLoader() {}

  /**
   * Loads a model by name or path; the caller owns it. Names and shapes of its tensors are checked
   * now, their values are read when they are first needed.
   */
  public static LanguageModel load(String name, Set<WeightStep> steps) {
    Path folder = name.equals(SPRIG) ? null : path(name);
    return load(name, folder, steps, Progress.NONE);
  }

  /** As the last, with no cache. */
  public static LanguageModel load(
      String name, Path folder, Set<WeightStep> steps, Progress progress) {
    return load(name, folder, steps, WeightCache.NONE, progress);
  }

  /** As the last, with the tokenizer beside the model. */
  public static LanguageModel load(
      String name, Path folder, Set<WeightStep> steps, WeightCache cache, Progress progress) {
    return load(name, folder, folder, steps, cache, progress);
  }

  /**
   * As {@link #load(String, Set)}, from a folder that need not be called what the model is called.
   *
   * @param folder where the model lies; of no matter for the embedded one
   * @param texts where its tokenizer lies if it has one; likewise
   * @param cache where processed weights are kept for the next time
   * @param progress hears of each tensor that was checked and may end the loading
   */
  public static LanguageModel load(
      String name,
      Path folder,
      Path texts,
      Set<WeightStep> steps,
      WeightCache cache,
      Progress progress) {
    if (name.equals(SPRIG)) {
      try (EmbeddedFolder embedded =
          EmbeddedFolder.open(SPRIG_FOLDER, CONFIG, "model.safetensors", "tokenizer.json")) {
        Path own = embedded.path();
        return loadFolder(name, own, own, steps, WeightCache.NONE, progress).read();
      }
    }
    return loadFolder(name, existing(name, folder), texts, steps, cache, progress);
  }

  /**
   * The sizes that a model will have, from its {@code config.json} alone.
   *
   * @param folder where the model lies; of no matter for the embedded one
   */
  public static ModelConfig config(String name, Path folder, Set<WeightStep> steps) {
    if (name.equals(SPRIG)) {
      try (EmbeddedFolder embedded = EmbeddedFolder.open(SPRIG_FOLDER, CONFIG)) {
        return WeightProcessing.config(stored(embedded.path()), steps);
      }
    }
    return WeightProcessing.config(stored(existing(name, folder)), steps);
  }

  /** Whether this build has the embedded model inside. */
  public static boolean hasSprig() {
    return EmbeddedFolder.has(SPRIG_FOLDER + "/" + CONFIG);
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new ZlensException(
          Kind.DATA, "no file can have the name of this model: " + e.getReason(), null, e);
    }
  }

  private static Path existing(String name, Path folder) {
    if (!Files.exists(folder)) {
      throw new ZlensException(
          Kind.DATA,
          "no model '" + name + "': no such folder",
          "give 'sprig', the embedded model, or the path of a Hugging Face folder");
    }
    return folder;
  }

  private static ModelConfig stored(Path folder) {
    return config(settings(folder));
  }

  private static ModelConfig config(JsonSettings json) {
    try {
      return ModelFormats.of(json).config(json);
    } catch (IllegalArgumentException e) {
      throw json.fault(e.getMessage());
    }
  }

  private static JsonSettings settings(Path folder) {
    Path file = folder.resolve(CONFIG);
    if (!Files.isRegularFile(file)) {
      throw new ZlensException(
          Kind.DATA,
          "no file '" + file + "'",
          "a Hugging Face folder has config.json and model.safetensors");
    }
    return JsonSettings.read(file);
  }

  private static LanguageModel loadFolder(
      String name,
      Path folder,
      Path texts,
      Set<WeightStep> steps,
      WeightCache cache,
      Progress progress) {
    JsonSettings json = settings(folder);
    ModelConfig stored = config(json);
    WeightFiles files = WeightFiles.in(folder);
    Path vocabulary = texts.resolve("tokenizer.json");
    Tokenizer tokenizer = Files.exists(vocabulary) ? tokenizer(vocabulary, json) : null;
    try {
      if (tokenizer != null && tokenizer.vocabularySize() > stored.dVocab()) {
        throw new ZlensException(
            Kind.DATA,
            "'"
                + vocabulary
                + "' has "
                + tokenizer.vocabularySize()
                + " tokens, but the model knows "
                + stored.dVocab(),
            null);
      }
      ModelFormat format = ModelFormats.of(json);
      StoredWeights open = files.open();
      UnsupportedKeys.requireHead(json, open, format.head());
      String sha256 = files.sha256(cache.hashes());
      Weights weights = weights(format, open, stored, steps, cache, sha256, progress);
      return new LanguageModel(
          name,
          ModelFormats.name(json),
          new Transformer(WeightProcessing.config(stored, steps), weights),
          tokenizer,
          Set.copyOf(steps),
          sha256);
    } catch (RuntimeException e) {
      if (tokenizer != null) {
        tokenizer.close();
      }
      throw e;
    }
  }

  private static Tokenizer tokenizer(Path vocabulary, JsonSettings json) {
    Tokenizer tokenizer = Tokenizer.of(vocabulary);
    boolean prepends = ModelFormats.prependsBos(json);
    return tokenizer.with(
        SpecialTokenFiles.read(vocabulary.getParent(), json, tokenizer, prepends));
  }

  private static Weights weights(
      ModelFormat format,
      StoredWeights stored,
      ModelConfig config,
      Set<WeightStep> steps,
      WeightCache cache,
      String sha256,
      Progress progress) {
    StoredWeights asked = stored.shapes(progress);
    WeightShapes shapes =
        WeightShapes.of(
            processed(format, () -> asked, config, steps),
            new StoredParts(format, () -> asked, config, steps.isEmpty()),
            config.layers());
    asked.requireAllRead(format::ignores);
    WeightParts made = processed(format, stored::reading, config, steps);
    WeightParts kept =
        steps.isEmpty()
            ? made
            : cache
                .model(sha256, config, steps, shapes)
                .<WeightParts>map(model -> new CachedParts(made, shapes, model))
                .orElse(made);
    DType type = Torch.weightType();
    WeightParts own = type.isNarrow() ? new NarrowParts(kept, type) : kept;
    return Weights.from(own, config.layers());
  }

  private static WeightParts processed(
      ModelFormat format,
      Supplier<StoredWeights> stored,
      ModelConfig config,
      Set<WeightStep> steps) {
    // Steps change the two ends of a model in different ways.
    WeightParts raw = new StoredParts(format, stored, config, steps.isEmpty());
    return steps.isEmpty() ? raw : new ProcessedParts(raw, WeightProcessing.of(config, steps));
  }
}
