package org.zlens.engine.data.sprig;

import java.util.List;
import java.util.SplittableRandom;
import org.zlens.engine.data.IoiTemplate;
import org.zlens.engine.data.Template;

/**
 * The embedded model's training text: an endless row of documents.
 *
 * <p>Document n of a seed and a mix is a function of these three alone, so that a seed and a
 * counter are all the state that training has to keep.
 *
 * @param seed which of the endless rows
 * @param mix how much of each kind
 */
public record SprigText(long seed, Mix mix) {
  private static final Template PREFIX = Template.of(IoiTemplate.PREFIX);

  /**
   * A document.
   *
   * @param kind what it is
   * @param words its words with their leading spaces; each is one token
   */
  public record Document(PassageKind kind, List<String> words) {
    public Document {
      words = List.copyOf(words);
    }

    /** The document as text. */
    public String text() {
      return String.join("", words);
    }
  }

  /** The document at a place in the row, from 0. */
  public Document document(long number) {
    // Neighbouring documents get unrelated states: the golden-ratio step is SplittableRandom's own.
    SplittableRandom random =
        new SplittableRandom(new SplittableRandom(seed + number * 0x9E3779B97F4A7C15L).nextLong());
    PassageKind kind = mix.draw(random);
    Page page = new Page();
    if (kind.opensWithSentence() && random.nextInt(16) == 0) {
      // So that every word that opens a document is also known in the middle of one.
      page.say(PREFIX);
    }
    kind.passage().write(page, random);
    return new Document(kind, page.words());
  }
}
