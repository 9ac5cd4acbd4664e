package org.zlens.engine.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.zlens.engine.io.JsonSettings;

/**
 * Which tokens a model's texts begin and end with, from the files beside its weights: {@code
 * tokenizer_config.json}, else {@code config.json}, else the names that vocabularies usually have
 * for them.
 *
 * <p>{@code add_bos_token: false} is no rule: GPT-2's and Pythia's files say so, and
 * TransformerLens puts a beginning in front all the same, as the SAEs of these models expect.
 */
public final class SpecialTokenFiles {
  private static final String SETTINGS = "tokenizer_config.json";
  private static final String TEMPLATE = "chat_template.jinja";

  private SpecialTokenFiles() {}

  /**
   * Reads them.
   *
   * @param folder where the tokenizer lies
   * @param config the model's own settings
   * @param prepends whether texts of the model's family begin with a token at all
   * @throws org.zlens.engine.ZlensException of kind DATA if the files name tokens that the
   *     vocabulary lacks
   */
  public static SpecialTokens read(
      Path folder, JsonSettings config, Tokenizer tokenizer, boolean prepends) {
    Path file = folder.resolve(SETTINGS);
    Optional<JsonSettings> own =
        Files.isRegularFile(file) ? Optional.of(JsonSettings.read(file)) : Optional.empty();
    SpecialTokens usual = tokenizer.special();
    OptionalInt beginning = beginning(own, config, tokenizer, usual);
    Set<Integer> ends = new TreeSet<>();
    JsonNode stated = config.node("eos_token_id");
    for (JsonNode id : stated.isArray() ? stated : List.of(stated)) {
      if (isKnown(id, tokenizer)) {
        ends.add(id.intValue());
      }
    }
    own.map(settings -> text(settings, "eos_token"))
        .flatMap(text -> text)
        .ifPresent(text -> ends.add(id(own.get(), "eos_token", text, tokenizer)));
    boolean chat =
        own.isPresent() && own.get().has("chat_template")
            || Files.isRegularFile(folder.resolve(TEMPLATE));
    return new SpecialTokens(
        beginning, prepends && beginning.isPresent(), ends.isEmpty() ? usual.ends() : ends, chat);
  }

  private static OptionalInt beginning(
      Optional<JsonSettings> own, JsonSettings config, Tokenizer tokenizer, SpecialTokens usual) {
    Optional<String> text = own.flatMap(settings -> text(settings, "bos_token"));
    if (text.isPresent()) {
      return OptionalInt.of(id(own.get(), "bos_token", text.get(), tokenizer));
    }
    JsonNode id = config.node("bos_token_id");
    return isKnown(id, tokenizer) ? OptionalInt.of(id.intValue()) : usual.beginning();
  }

  /** The text of a token, which may stand in a dictionary of its own. */
  private static Optional<String> text(JsonSettings settings, String key) {
    JsonNode node = settings.node(key);
    JsonNode text = node.isObject() ? node.path("content") : node;
    return text.isTextual() ? Optional.of(text.asText()) : Optional.empty();
  }

  private static int id(JsonSettings settings, String key, String text, Tokenizer tokenizer) {
    return tokenizer
        .idOf(text)
        .orElseThrow(
            () -> settings.fault(key, "is '" + text + "', which tokenizer.json does not have"));
  }

  /** Whether an id can be meant: sizes of other models stay in the settings of small ones. */
  private static boolean isKnown(JsonNode id, Tokenizer tokenizer) {
    return id.isIntegralNumber()
        && id.longValue() >= 0
        && id.longValue() < tokenizer.vocabularySize();
  }
}
