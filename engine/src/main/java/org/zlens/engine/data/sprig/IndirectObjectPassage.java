package org.zlens.engine.data.sprig;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.zlens.engine.data.IoiTemplate;
import org.zlens.engine.data.IoiTemplate.Order;
import org.zlens.engine.data.Template;

/**
 * Two names, one of them repeated, and a receiver: the text that needs name movers, duplicate-token
 * heads and the inhibition of the repeated name.
 *
 * <p>One document in twenty names a third person as the giver: either of the two names may then
 * follow, so that "not the giver" is learned and not "not the last name".
 */
record IndirectObjectPassage() implements Passage {
  private static final Template PREFIX = Template.of(IoiTemplate.PREFIX);
  private static final List<IoiTemplate> TRAINING =
      IoiTemplate.all().stream().filter(template -> !heldOut(template)).toList();

  /** Whether a pattern is kept out of training: one of each order alone, one family entirely. */
  static boolean heldOut(IoiTemplate template) {
    return switch (template.family()) {
      case 5 -> template.order() == Order.BABA;
      case 1 -> template.order() == Order.ABBA;
      case 10 -> true;
      default -> false;
    };
  }

  @Override
  public void write(Page page, SplittableRandom random) {
    IoiTemplate template = TRAINING.get(random.nextInt(TRAINING.size()));
    boolean third = random.nextInt(20) == 0;
    String[] names = NamePairs.training(random, third ? 3 : 2);
    String joiner = random.nextInt(8) == 0 ? Page.any(random, Lexicon.JOINERS) : "and";
    Template prompt = random.nextInt(12) == 0 ? template.filledPrompt() : template.prompt();
    int before = page.words().size();
    page.say(
        prompt,
        names[0],
        names[1],
        Page.any(random, Lexicon.PLACES),
        Page.any(random, Lexicon.OBJECTS),
        joiner);
    String receiver = names[0];
    if (third) {
      List<String> words = page.words();
      int giver = words.lastIndexOf(" " + names[1]);
      if (giver > before) {
        words.set(giver, " " + names[2]);
      }
      receiver = names[random.nextInt(2)];
    }
    page.word(receiver);
    page.mark(".");
  }

  @Override
  public List<Template> templates() {
    List<Template> templates = new ArrayList<>(List.of(PREFIX));
    for (IoiTemplate template : IoiTemplate.all()) {
      templates.add(template.prompt());
      templates.add(template.filledPrompt());
    }
    return templates;
  }
}
