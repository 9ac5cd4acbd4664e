package org.zlens.engine.data.sprig;

import java.util.List;
import java.util.SplittableRandom;
import org.zlens.engine.data.Template;

/**
 * A first sentence that names a topic, and words of that topic after it: the text that needs
 * features of the wider context.
 */
record TopicPassage() implements Passage {
  private static final List<String> TOPICS = List.of("pets", "school", "weather", "food");
  private static final List<List<String>> WORDS =
      List.of(Lexicon.PETS, Lexicon.SCHOOL, Lexicon.WEATHER, Lexicon.FOOD);

  private static final List<Template> OPENERS =
      List.of(
          Template.of("Today we talk about pets."),
          Template.of("Today we talk about school."),
          Template.of("Today we talk about the weather."),
          Template.of("Today we talk about food."));

  /** Gaps: 0 name, 1 to 3 words of the topic. */
  private static final List<Template> SENTENCES =
      List.of(
          Template.of("{0} likes the {1}."),
          Template.of("The {1} was near the {2}."),
          Template.of("{0} saw the {1} and the {2}."),
          Template.of("The {1} comes after the {2}, not the {3}."),
          Template.of("Here is the {1}."));

  @Override
  public void write(Page page, SplittableRandom random) {
    int topic = random.nextInt(TOPICS.size());
    List<String> words = WORDS.get(topic);
    // Now and then the words alone must tell the topic; a document does not open with a name.
    boolean named = random.nextInt(8) > 0;
    if (named) {
      page.say(OPENERS.get(topic));
    }
    int sentences = 2 + random.nextInt(4);
    for (int i = 0; i < sentences; i++) {
      // Two steps forward of 1 to 4 among ten words never meet the first again.
      int first = random.nextInt(words.size());
      int second = first + 1 + random.nextInt(4);
      int third = second + 1 + random.nextInt(4);
      page.say(
          !named && i == 0 ? SENTENCES.get(1) : Page.anyOf(random, SENTENCES),
          Page.any(random, Lexicon.NAMES),
          words.get(first),
          words.get(second % words.size()),
          words.get(third % words.size()));
    }
  }

  @Override
  public List<Template> templates() {
    return java.util.stream.Stream.concat(OPENERS.stream(), SENTENCES.stream()).toList();
  }
}
