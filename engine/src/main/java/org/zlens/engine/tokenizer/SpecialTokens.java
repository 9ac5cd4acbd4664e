package org.zlens.engine.tokenizer;

import java.util.OptionalInt;
import java.util.Set;

/**
 * The tokens that a model's texts begin and end with.
 *
 * @param beginning the token that stands for the beginning of a text; empty where there is none
 * @param prepended whether it goes in front of texts unless somebody says otherwise
 * @param ends tokens after which a text is over
 * @param chat whether the model was made for chats, whose turns have marks of their own
 */
public record SpecialTokens(
    OptionalInt beginning, boolean prepended, Set<Integer> ends, boolean chat) {
  /** Refuses to prepend what is not there. */
  public SpecialTokens {
    ends = Set.copyOf(ends);
    if (prepended && beginning.isEmpty()) {
      throw new IllegalArgumentException("no beginning to go in front of texts");
    }
  }
}
