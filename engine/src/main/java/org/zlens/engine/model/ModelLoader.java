package org.zlens.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.EmbeddedFolder;
import org.zlens.engine.io.FileHash;
import org.zlens.engine.model.gpt2.Gpt2Folder;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.tokenizer.Tokenizer;

/**
 * Finds and loads models: the embedded one by its name, others by the path of a Hugging Face
 * folder.
 *
 * <p>To add an architecture: write its loader beside {@code gpt2} (names and layouts only) and
 * choose it here by {@code model_type}.
 */
public final class ModelLoader {
  /** The name of the embedded model. */
  public static final String SPRIG = "sprig";

  private static final String SPRIG_FOLDER = "/org/zlens/engine/sprig";
  private static final String CONFIG = "config.json";
  private static final long LARGEST_CONFIG = 1 << 20;

  private ModelLoader() {}

  /** Loads a model by name or path; the caller owns it. */
  public static LanguageModel load(String name, Set<WeightStep> steps) {
    return load(name, name.equals(SPRIG) ? null : path(name), steps, Progress.NONE);
  }

  /**
   * As {@link #load(String, Set)}, from a folder that need not be called what the model is called.
   *
   * @param folder where the model lies; of no matter for the embedded one
   * @param progress hears of each tensor that was read and may end the loading
   */
  public static LanguageModel load(
      String name, Path folder, Set<WeightStep> steps, Progress progress) {
    if (name.equals(SPRIG)) {
      try (EmbeddedFolder embedded =
          EmbeddedFolder.open(SPRIG_FOLDER, CONFIG, "model.safetensors", "tokenizer.json")) {
        return loadFolder(name, embedded.path(), steps, progress);
      }
    }
    return loadFolder(name, existing(name, folder), steps, progress);
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
    JsonNode json = json(folder.resolve(CONFIG));
    String type = json.path("model_type").asText("gpt2");
    if (!type.equals("gpt2")) {
      throw new ZlensException(
          Kind.DATA, "'" + folder + "': no loader for model_type '" + type + "'", "known is gpt2");
    }
    return Gpt2Folder.config(json);
  }

  private static LanguageModel loadFolder(
      String name, Path folder, Set<WeightStep> steps, Progress progress) {
    ModelConfig stored = stored(folder);
    Path file = require(folder.resolve("model.safetensors"));
    Path vocabulary = folder.resolve("tokenizer.json");
    Tokenizer tokenizer = Files.exists(vocabulary) ? Tokenizer.of(vocabulary) : null;
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
      Transformer transformer = transformer(file, stored, steps, progress);
      return new LanguageModel(
          name, transformer, tokenizer, Set.copyOf(steps), FileHash.sha256(file));
    } catch (RuntimeException e) {
      if (tokenizer != null) {
        tokenizer.close();
      }
      throw e;
    }
  }

  private static Transformer transformer(
      Path file, ModelConfig stored, Set<WeightStep> steps, Progress progress) {
    try (Scope scope = Scope.open()) {
      Weights weights = Gpt2Folder.weights(file, stored, progress);
      return new Transformer(
          WeightProcessing.config(stored, steps), WeightProcessing.apply(weights, stored, steps));
    }
  }

  private static JsonNode json(Path file) {
    require(file);
    try {
      if (Files.size(file) > LARGEST_CONFIG) {
        throw new ZlensException(Kind.DATA, "'" + file + "' is too large for a config.json", null);
      }
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new ZlensException(Kind.DATA, "'" + file + "' is not JSON: " + firstLine(e), null, e);
    }
  }

  private static String firstLine(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static Path require(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ZlensException(
          Kind.DATA,
          "no file '" + file + "'",
          "a Hugging Face folder has config.json and model.safetensors");
    }
    return file;
  }
}
