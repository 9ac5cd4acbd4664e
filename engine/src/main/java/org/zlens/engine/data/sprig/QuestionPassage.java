package org.zlens.engine.data.sprig;

import java.util.List;
import java.util.SplittableRandom;
import org.zlens.engine.data.Template;

/**
 * Questions and statements that differ only in their first words, so that the mark at the end tells
 * whether "in a question" was kept; answers come from an earlier sentence.
 */
record QuestionPassage() implements Passage {
  /** Gaps: 0 name, 1 pet, 2 place, 3 weekday. */
  private static final Template FACT = Template.of("Today {0} did see the {1} at the {2}");

  private static final List<Template> QUESTIONS =
      List.of(
          Template.of("Which pet did {0} see at the {2}"),
          Template.of("Where did {0} see the {1}"),
          Template.of("Who did see the {1} at the {2}"));

  /** The answer to each question. */
  private static final List<Template> ANSWERS =
      List.of(Template.of("The {1}."), Template.of("At the {2}."), Template.of("It was {0}."));

  private static final Template DAY = Template.of("on {3}");

  @Override
  public void write(Page page, SplittableRandom random) {
    String[] values = {
      Page.any(random, Lexicon.NAMES),
      Page.any(random, Lexicon.PETS),
      Page.any(random, Lexicon.PLACES),
      Page.any(random, Lexicon.WEEKDAYS)
    };
    boolean day = random.nextBoolean();
    int question = random.nextInt(QUESTIONS.size());
    boolean factFirst = random.nextInt(4) > 0;
    if (factFirst) {
      clause(page, FACT, day, values, ".");
    }
    clause(page, QUESTIONS.get(question), day, values, "?");
    page.say(ANSWERS.get(question), values);
  }

  private static void clause(
      Page page, Template template, boolean day, String[] values, String mark) {
    page.say(template, values);
    if (day) {
      page.say(DAY, values);
    }
    page.mark(mark);
  }

  @Override
  public List<Template> templates() {
    return List.of(
        FACT,
        DAY,
        QUESTIONS.get(0),
        QUESTIONS.get(1),
        QUESTIONS.get(2),
        ANSWERS.get(0),
        ANSWERS.get(1),
        ANSWERS.get(2));
  }
}
