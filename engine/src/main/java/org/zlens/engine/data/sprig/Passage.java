package org.zlens.engine.data.sprig;

import java.util.List;
import java.util.SplittableRandom;
import org.zlens.engine.data.Template;

/** A kind of document of the embedded model's language. */
sealed interface Passage
    permits CodePassage,
        IndirectObjectPassage,
        LocalRepeatPassage,
        PronounPassage,
        QuestionPassage,
        RepeatPassage,
        SuccessionPassage,
        TopicPassage {

  /** Writes one document; everything random about it comes from the generator given. */
  void write(Page page, SplittableRandom random);

  /** The sentence patterns used, whose own words belong to the vocabulary. */
  List<Template> templates();
}
