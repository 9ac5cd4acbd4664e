package org.zlens.engine.data.sprig;

import java.util.List;
import java.util.SplittableRandom;
import org.zlens.engine.data.Template;

/** Numbers, days, months and letters in order: the text that needs successor heads. */
record SuccessionPassage() implements Passage {
  private static final List<List<String>> CYCLES =
      List.of(Lexicon.NUMBERS, Lexicon.WEEKDAYS, Lexicon.MONTHS, Lexicon.LETTERS);

  /** Gaps: 0 name, 1 and 2 neighbours in a row of numbers. */
  private static final List<Template> READING =
      List.of(
          Template.of("Today {0} read page {1}. Then {0} read page {2}."),
          Template.of("Today {0} read chapter {1}, and then {0} read chapter {2}."));

  /** Gaps: 0 and 1 names, 2 and 3 neighbours in the week or the year, 4 a place. */
  private static final Template CALENDAR =
      Template.of(
          "After {2} comes {3}. On {2} {0} went to the {4}, and on {3} {1} went to the {4}.");

  @Override
  public void write(Page page, SplittableRandom random) {
    switch (random.nextInt(5)) {
      case 0 -> {
        int first = random.nextInt(Lexicon.NUMBERS.size() - 1);
        page.say(
            Page.anyOf(random, READING),
            Page.any(random, Lexicon.NAMES),
            Lexicon.NUMBERS.get(first),
            Lexicon.NUMBERS.get(first + 1));
      }
      case 1 -> {
        List<String> cycle = random.nextBoolean() ? Lexicon.WEEKDAYS : Lexicon.MONTHS;
        int first = random.nextInt(cycle.size());
        String[] names = NamePairs.training(random, 2);
        page.say(
            CALENDAR,
            names[0],
            names[1],
            cycle.get(first),
            cycle.get((first + 1) % cycle.size()),
            Page.any(random, Lexicon.PLACES));
      }
      default -> row(page, random);
    }
  }

  /** Neighbours one after the other, bare, with commas, or with a word before each. */
  private static void row(Page page, SplittableRandom random) {
    List<String> cycle = CYCLES.get(random.nextInt(CYCLES.size()));
    boolean closed = cycle == Lexicon.WEEKDAYS || cycle == Lexicon.MONTHS;
    int count = 3 + random.nextInt(6);
    int first = random.nextInt(closed ? cycle.size() : cycle.size() - count + 1);
    boolean commas = random.nextBoolean();
    String before =
        cycle == Lexicon.NUMBERS && random.nextBoolean()
            ? (random.nextBoolean() ? "page" : "chapter")
            : null;
    for (int i = 0; i < count; i++) {
      if (before != null) {
        page.word(before);
      }
      page.word(cycle.get((first + i) % cycle.size()));
      if (commas && i + 1 < count) {
        page.mark(",");
      }
    }
    page.mark(".");
  }

  @Override
  public List<Template> templates() {
    return List.of(READING.get(0), READING.get(1), CALENDAR);
  }
}
