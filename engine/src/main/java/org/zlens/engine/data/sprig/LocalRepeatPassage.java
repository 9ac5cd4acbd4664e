package org.zlens.engine.data.sprig;

import java.util.List;
import java.util.SplittableRandom;
import org.zlens.engine.data.Template;

/**
 * Phrases and lists that come again inside sentences: the text that needs induction over natural
 * words, duplicate tokens, and what follows "and", "either" and "neither".
 */
record LocalRepeatPassage() implements Passage {
  /** Gaps: 0 to 2 names, 3 adjective, 4 object, 5 and 6 places. */
  private static final List<Template> STORIES =
      List.of(
          Template.of(
              "Today {0} took the {3} {4} to the {5}. Later {1} found the {3} {4} near the {6}."),
          Template.of(
              "Today {0} saw a {3} {4} at the {5}. Then {1} saw the {3} {4} at the {6}, and {2} took"
                  + " the {3} {4} to the {5}."),
          Template.of(
              "Yesterday {0} and {1} and {2} went to the {5}. Later {0} and {1} and {2} went to the"
                  + " {6}."),
          Template.of(
              "Yesterday {0} found the {4} of {1}. Then {2} took the {4} of {1} to the {5}."),
          Template.of("Either {0} or {1} took the {4}. It was {0} or {1}, not {2}."),
          Template.of("Neither {0} nor {1} went to the {5}. Both {0} and {1} went to the {6}."),
          Template.of("Both {0} and {1} like the {4}, but neither {0} nor {1} like the {5}."),
          Template.of(
              "Today the {3} {4} was at the {5}. Then {0} took the {3} {4}, and the {3} {4} was at"
                  + " the {6}."));

  @Override
  public void write(Page page, SplittableRandom random) {
    String[] names = NamePairs.training(random, 3);
    page.say(
        Page.anyOf(random, STORIES),
        names[0],
        names[1],
        names[2],
        Page.any(random, Lexicon.ADJECTIVES),
        Page.any(random, Lexicon.OBJECTS),
        Page.any(random, Lexicon.PLACES),
        Page.any(random, Lexicon.PLACES));
  }

  @Override
  public List<Template> templates() {
    return STORIES;
  }
}
