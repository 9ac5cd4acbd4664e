package org.zlens.engine.data;

import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.tokenizer.Tokenizer;

/**
 * The two tokens whose logits a prompt compares at its end: logit difference is the first's logit
 * minus the second's.
 *
 * @param answer the text of the right token, leading space included
 * @param answerId its id
 * @param over the text of the wrong token
 * @param overId its id
 */
public record AnswerPair(String answer, int answerId, String over, int overId) {
  /**
   * A pair of single tokens.
   *
   * @throws ZlensException if a text is not one token, or if both are the same
   */
  public static AnswerPair of(Tokenizer tokenizer, String answer, String over) {
    AnswerPair pair =
        new AnswerPair(answer, tokenizer.singleId(answer), over, tokenizer.singleId(over));
    if (pair.answerId == pair.overId) {
      throw new ZlensException(
          Kind.DATA, "the answer '" + answer + "' and what it is over are the same token", null);
    }
    return pair;
  }
}
