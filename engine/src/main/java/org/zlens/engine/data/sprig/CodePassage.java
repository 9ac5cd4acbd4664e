package org.zlens.engine.data.sprig;

import java.util.List;
import java.util.SplittableRandom;
import org.zlens.engine.data.Template;

/**
 * Counted images ("Image 2/8 Image 3/8") and codes of letters that are written twice: the text that
 * needs digits and letters copied (section D-Fig3).
 */
record CodePassage() implements Passage {
  private static final Template IMAGE = Template.of("Image {0}/{1}");

  /** Gap: 0 name. */
  private static final List<Template> CODES =
      List.of(Template.of("Today {0} wrote the code"), Template.of("Then {0} read the code"));

  @Override
  public void write(Page page, SplittableRandom random) {
    if (random.nextBoolean()) {
      int last = 3 + random.nextInt(7);
      int first = 1 + random.nextInt(last - 2);
      int count = 2 + random.nextInt(Math.min(4, last - first));
      for (int n = first; n < first + count; n++) {
        page.say(IMAGE, Integer.toString(n), Integer.toString(last));
      }
      return;
    }
    String[] code = new String[3 + random.nextInt(5)];
    for (int i = 0; i < code.length; i++) {
      code[i] = Page.any(random, Lexicon.LETTERS);
    }
    String[] names = NamePairs.training(random, 2);
    for (int time = 0; time < 2; time++) {
      page.say(CODES.get(time), names[time]);
      for (String letter : code) {
        page.word(letter);
      }
      page.mark(".");
    }
  }

  @Override
  public List<Template> templates() {
    return List.of(IMAGE, CODES.get(0), CODES.get(1));
  }
}
