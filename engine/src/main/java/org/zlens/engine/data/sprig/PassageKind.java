package org.zlens.engine.data.sprig;

import java.util.SplittableRandom;

/** The kinds of document that a {@link Mix} weighs. */
public enum PassageKind {
  /** Name movers, duplicate tokens, inhibition of the repeated name. */
  INDIRECT_OBJECT(new IndirectObjectPassage()),
  /** Induction where few words recur often: the first step of a curriculum. */
  REPEAT_FEW(new RepeatPassage(4, 16)),
  /** Induction over any of the pool's words. */
  REPEAT_MANY(new RepeatPassage(8, Lexicon.POOL.size())),
  /** Induction and duplicates inside sentences. */
  LOCAL_REPEAT(new LocalRepeatPassage()),
  /** Successor heads. */
  SUCCESSION(new SuccessionPassage()),
  /** Topic context. */
  TOPIC(new TopicPassage()),
  /** Local context: in a question. */
  QUESTION(new QuestionPassage()),
  /** A name carried to its pronoun. */
  PRONOUN(new PronounPassage()),
  /** Copying of digits and letters. */
  CODE(new CodePassage());

  private static final int SAMPLES = 400;

  private final Passage passage;
  private final double averageTokens;

  PassageKind(Passage passage) {
    this.passage = passage;
    SplittableRandom random = new SplittableRandom(1);
    long tokens = 0;
    for (int n = 0; n < SAMPLES; n++) {
      Page page = new Page();
      passage.write(page, random);
      tokens += page.words().size();
    }
    this.averageTokens = (double) tokens / SAMPLES;
  }

  Passage passage() {
    return passage;
  }

  /** Whether documents of this kind are sentences, so that another sentence can go before them. */
  boolean opensWithSentence() {
    return this != REPEAT_FEW && this != REPEAT_MANY;
  }

  /** Tokens of a document of this kind, on average. */
  public double averageTokens() {
    return averageTokens;
  }
}
