package org.zlens.engine.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.tokenizer.Tokenizer;
import org.zlens.engine.tokenizer.Tokens;

/**
 * Counted images, "Image 2/8 Image 5/", half of them with a caption between: the answer is the
 * denominator, to be copied, over the digit before the last stroke (section D-Fig3).
 *
 * <p>Label: TOTAL, the denominator. Tag: {@code caption}, yes or no.
 */
public final class Digits {
  private static final int SMALLEST = 4;
  private static final int LARGEST = 9;

  private Digits() {}

  /**
   * Draws prompts.
   *
   * @param prependBos whether a beginning-of-text token goes in front
   * @throws ZlensException if the tokenizer joins a digit with what stands beside it
   */
  public static PromptSet draw(Tokenizer tokenizer, boolean prependBos, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Prompt> prompts = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      int total = SMALLEST + random.nextInt(LARGEST - SMALLEST + 1);
      int second = 2 + random.nextInt(total - 2);
      int first = 1 + random.nextInt(second - 1);
      boolean captioned = random.nextBoolean();
      String caption =
          captioned
              ? " " + any(IoiWords.NAMES, random) + " at the " + any(IoiWords.PLACES, random) + "."
              : "";
      String text = "Image " + first + "/" + total + caption + " Image " + second + "/";
      prompts.add(
          prompt(tokenizer, prependBos, text, total, second)
              .withTag("caption", captioned ? "yes" : "no"));
    }
    return new PromptSet("digits", prompts);
  }

  private static String any(List<String> words, SplittableRandom random) {
    return words.get(random.nextInt(words.size()));
  }

  private static Prompt prompt(
      Tokenizer tokenizer, boolean prependBos, String text, int total, int second) {
    Tokens tokens = tokenizer.encode(text, prependBos);
    String digit = Integer.toString(total);
    int place = tokens.strings().indexOf("/") + 1;
    if (place == 0 || !tokens.string(place).equals(digit)) {
      throw new ZlensException(
          Kind.DATA,
          "the strokes and digits of '" + text + "' are not tokens of their own: " + tokens,
          null);
    }
    return new Prompt(
        text,
        tokens,
        Positions.NONE.with("TOTAL", place),
        Optional.of(AnswerPair.of(tokenizer, digit, Integer.toString(second))),
        Map.of());
  }
}
