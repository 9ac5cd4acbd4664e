package org.zlens.engine.measure;

import java.util.SplittableRandom;
import org.zlens.engine.data.sprig.Mix;
import org.zlens.engine.data.sprig.SprigRows;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.tokenizer.Tokenizer;

/** A little text of ordinary words for a model, to see its activations on where none is given. */
public final class ProbeText {
  private static final int ROWS = 8;
  private static final int LENGTH = 48;
  private static final long SEED = 17;

  private static final String ENGLISH =
      """
      When the rain had stopped, Mary and John walked down to the harbour and looked at the boats. \
      The old captain told them that the weather would be better on Monday, or perhaps on Tuesday, \
      but they did not believe him. "Which way is north?" she asked. In 1987 the company moved its \
      offices from London to Paris, where twelve people worked in three small rooms above a bakery. \
      It is not only cheap but also easy to repair: def area(width, height): return width * height. \
      The committee has decided that the new school will open in September if the money is there. \
      He put the book, the lamp and the letters on the table, and then he put the book back again. \
      Scientists have found that the cells of some plants can store water for more than a year.""";

  private ProbeText() {}

  /** Rows of tokens int64 {@code [row, pos]}, the same for the same model. */
  public static Tensor of(LanguageModel model) {
    int length = Math.min(LENGTH, model.config().context());
    if (model.name().equals(ModelLoader.SPRIG)) {
      return Tensor.ofRows(SprigRows.of(SEED, Mix.standard()).from(length, 0).next(ROWS));
    }
    Tokenizer tokenizer = model.tokenizerOrNull();
    SplittableRandom random = new SplittableRandom(SEED);
    int[] text =
        tokenizer == null
            ? random.ints(length * ROWS, 0, model.config().dVocab()).toArray()
            : tokenizer.encode(ENGLISH, false).ids();
    int[][] rows = new int[ROWS][length];
    for (int row = 0; row < ROWS; row++) {
      for (int position = 0; position < length; position++) {
        // A short text is read around its end.
        rows[row][position] = text[(row * length + position) % text.length];
      }
      if (tokenizer != null && tokenizer.prependsBos()) {
        rows[row][0] = tokenizer.bosId();
      }
    }
    return Tensor.ofRows(rows);
  }
}
