package org.zlens.engine.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.tokenizer.Tokenizer;

/**
 * Links that end in random letters and digits, "pic.twitter.com/x7Qd0aKe2W": what is measured is
 * the loss on the tokens of the code (section D-Fig3, where the texts are not given).
 *
 * <p>Label: CODE, the first token of the code; the last one is END. There is no answer pair.
 */
public final class Urls {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int CODE_LENGTH = 10;

  private Urls() {}

  /**
   * Draws prompts.
   *
   * @param prependBos whether a beginning-of-text token goes in front
   * @throws ZlensException if the tokenizer joins a code with what stands before it
   */
  public static PromptSet draw(Tokenizer tokenizer, boolean prependBos, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Prompt> prompts = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      String lead =
          IoiWords.NAMES.get(random.nextInt(IoiWords.NAMES.size()))
              + " at the "
              + IoiWords.PLACES.get(random.nextInt(IoiWords.PLACES.size()))
              + " pic.twitter.com/";
      StringBuilder code = new StringBuilder();
      for (int i = 0; i < CODE_LENGTH; i++) {
        code.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      int[] before = tokenizer.encode(lead, prependBos).ids();
      Prompt prompt = Prompt.of(tokenizer, lead + code, prependBos);
      int[] all = prompt.tokens().ids();
      if (!Arrays.equals(before, Arrays.copyOf(all, before.length))) {
        throw new ZlensException(
            Kind.DATA,
            "the code of '" + prompt.text() + "' has no tokens of its own: " + prompt.tokens(),
            null);
      }
      prompts.add(prompt.withPositions(Positions.NONE.with("CODE", before.length)));
    }
    return new PromptSet("urls", prompts);
  }
}
