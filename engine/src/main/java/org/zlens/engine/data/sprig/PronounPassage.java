package org.zlens.engine.data.sprig;

import java.util.List;
import java.util.SplittableRandom;
import org.zlens.engine.data.Template;

/**
 * Somebody, and then "she" or "he": the text that needs the name carried over several words, as in
 * "So Dave is a really good friend, isn't he?" (section D-Fig20).
 */
record PronounPassage() implements Passage {
  /** Gaps: 0 name, 1 pronoun, 2 pronoun with a capital, 3 job, 4 object, 5 place. */
  private static final List<Template> TEMPLATES =
      List.of(
          Template.of("So {0} is a really good {3}, isn't {1}?"),
          Template.of("So {0} is a really good friend, isn't {1}?"),
          Template.of("Here is {0}, a good {3}. {2} likes the {4}."),
          Template.of("Today {0} took the {4} because {1} wanted the {4}."),
          Template.of("When {0} went to the {5}, {1} found a {4}. {2} gave the {4} to a friend."));

  @Override
  public void write(Page page, SplittableRandom random) {
    boolean woman = random.nextBoolean();
    page.say(
        Page.anyOf(random, TEMPLATES),
        Page.any(random, woman ? Lexicon.WOMEN : Lexicon.MEN),
        woman ? "she" : "he",
        woman ? "She" : "He",
        Page.any(random, Lexicon.JOBS),
        Page.any(random, Lexicon.OBJECTS),
        Page.any(random, Lexicon.PLACES));
  }

  @Override
  public List<Template> templates() {
    return TEMPLATES;
  }
}
