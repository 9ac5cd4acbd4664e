package org.zlens.engine.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A trained byte-level vocabulary: the tokens in the order of their ids and the merges in order.
 *
 * @param tokens tokens as spelled by {@link org.zlens.engine.tokenizer.ByteLevel}; the last one is
 *     {@link BpeTrainer#END_OF_TEXT}
 * @param merges the pairs to join, first to last
 */
public record BpeVocabulary(List<String> tokens, List<Merge> merges) {
  /** Two neighbouring tokens that become one. */
  public record Merge(String left, String right) {}

  public BpeVocabulary {
    tokens = List.copyOf(tokens);
    merges = List.copyOf(merges);
  }

  /** Number of tokens, the end-of-text token included. */
  public int size() {
    return tokens.size();
  }

  /** The vocabulary as a Hugging Face {@code tokenizer.json}, in UTF-8 with line feeds. */
  public byte[] toTokenizerJson() {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    root.putArray("added_tokens")
        .addObject()
        .put("id", size() - 1)
        .put("content", BpeTrainer.END_OF_TEXT)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
    root.putNull("normalizer");
    byteLevel(root, "pre_tokenizer");
    root.putNull("post_processor");
    byteLevel(root, "decoder");
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.putNull("dropout");
    model.putNull("unk_token");
    model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
    model.put("fuse_unk", false).put("byte_fallback", false);
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.put(tokens.get(id), id);
    }
    ArrayNode list = model.putArray("merges");
    for (Merge merge : merges) {
      list.add(merge.left() + " " + merge.right());
    }
    DefaultIndenter indenter = new DefaultIndenter(" ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    try {
      return (mapper.writer(printer).writeValueAsString(root) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void byteLevel(ObjectNode root, String part) {
    root.putObject(part)
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }
}
