package org.zlens.engine.data.sprig;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.AnswerPair;
import org.zlens.engine.data.Ioi;
import org.zlens.engine.data.IoiTemplate;
import org.zlens.engine.data.IoiWords;
import org.zlens.engine.data.Positions;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.tokenizer.Tokenizer;

/**
 * Prompts that measure what the embedded model has learned; each begins with the beginning-of-text
 * token, and the same seed gives the same prompts.
 */
public final class SprigPrompts {
  private final Tokenizer tokenizer;

  /** Prompts in the tokens of a tokenizer, as a rule {@link Sprig#tokenizer}. */
  public SprigPrompts(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** The indirect-object patterns that training text never uses: some of either order. */
  public static List<IoiTemplate> heldOutTemplates() {
    return IoiTemplate.all().stream().filter(IndirectObjectPassage::heldOut).toList();
  }

  /** The indirect-object patterns of the training text. */
  public static List<IoiTemplate> trainingTemplates() {
    return IoiTemplate.all().stream().filter(t -> !IndirectObjectPassage.heldOut(t)).toList();
  }

  /** Indirect-object prompts over patterns and pairs of names that training never saw. */
  public Ioi heldOutIoi(int count, long seed) {
    IoiWords words = IoiWords.standard().withPairs(NamePairs::heldOut);
    return Ioi.draw(tokenizer, true, heldOutTemplates(), words, count, seed);
  }

  /** Indirect-object prompts like those of the training text. */
  public Ioi trainingIoi(int count, long seed) {
    IoiWords words = IoiWords.standard().withPairs((io, s) -> !NamePairs.heldOut(io, s));
    return Ioi.draw(tokenizer, true, trainingTemplates(), words, count, seed);
  }

  /**
   * Distinct random words, twice: after position p of the second copy an induction head looks at
   * position p - length + 1.
   *
   * <p>Labels: FIRST and SECOND, where the copies begin. The last word of the second copy is the
   * answer and not part of the prompt.
   *
   * @param length words in one copy, at most 60
   */
  public PromptSet repeatedWords(int count, int length, long seed) {
    checkLength(length, 2, 60);
    return draw(
        "repeated words",
        count,
        seed,
        random -> {
          String[] copy = RepeatPassage.sample(random, length);
          String text = text(copy, copy.length) + text(copy, copy.length - 1);
          Map<String, Integer> labels = new LinkedHashMap<>();
          labels.put("FIRST", 1);
          labels.put("SECOND", 1 + length);
          return prompt(text, " " + copy[length - 1], " " + copy[0], labels, "repeat", length);
        });
  }

  /**
   * Distinct random words of which one comes again at the end. Labels: D1 and D2, its two places.
   *
   * @param length words in all
   */
  public PromptSet duplicates(int count, int length, long seed) {
    checkLength(length, 4, 60);
    return draw(
        "duplicates",
        count,
        seed,
        random -> {
          String[] words = RepeatPassage.sample(random, length);
          int first = random.nextInt(length - 2);
          words[length - 1] = words[first];
          Map<String, Integer> labels = new LinkedHashMap<>();
          labels.put("D1", 1 + first);
          labels.put("D2", length);
          return prompt(
              text(words, length),
              " " + words[first + 1],
              " " + words[(first + 2) % (length - 1)],
              labels,
              "distance",
              length - 1 - first);
        });
  }

  /**
   * Phrases {@code a m b} and {@code x m d} among which the word before the shared middle decides
   * how to go on. Labels: MATCH, the middle whose follower is right, and OTHER, the middle of the
   * other phrase.
   */
  public PromptSet longPrefixes(int count, long seed) {
    return draw(
        "long prefixes",
        count,
        seed,
        random -> {
          String[] words = RepeatPassage.sample(random, 8);
          boolean firstPhrase = random.nextBoolean();
          String middle = " " + words[0];
          String text =
              " " + words[1] + middle + " " + words[2] + " " + words[5] + " " + words[6] + " "
                  + words[3] + middle + " " + words[4] + " " + words[7];
          String asked = firstPhrase ? words[1] : words[3];
          Map<String, Integer> labels = new LinkedHashMap<>();
          labels.put("MATCH", firstPhrase ? 2 : 7);
          labels.put("OTHER", firstPhrase ? 7 : 2);
          return prompt(
              text + " " + asked + middle,
              " " + words[firstPhrase ? 2 : 4],
              " " + words[firstPhrase ? 4 : 2],
              labels,
              "phrase",
              firstPhrase ? 1 : 2);
        });
  }

  /** Rows such as "three four five": the answer is the next, over the last one shown. */
  public PromptSet successions(int count, long seed) {
    List<List<String>> rows =
        List.of(Lexicon.NUMBERS, Lexicon.WEEKDAYS, Lexicon.MONTHS, Lexicon.LETTERS);
    return draw(
        "successions",
        count,
        seed,
        random -> {
          int kind = random.nextInt(rows.size());
          List<String> row = rows.get(kind);
          int shown = 2 + random.nextInt(3);
          int first = random.nextInt(row.size() - shown);
          String[] words = row.subList(first, first + shown).toArray(String[]::new);
          return prompt(
              text(words, shown),
              " " + row.get(first + shown),
              " " + words[shown - 1],
              Map.of(),
              "row",
              kind);
        });
  }

  /** Names and what the pronoun must be: the answer is " she" over " he" or the other way round. */
  public PromptSet pronouns(int count, long seed) {
    return draw(
        "pronouns",
        count,
        seed,
        random -> {
          boolean woman = random.nextBoolean();
          String name = Page.any(random, woman ? Lexicon.WOMEN : Lexicon.MEN);
          return prompt(
              "So " + name + " is a really good friend, isn't",
              woman ? " she" : " he",
              woman ? " he" : " she",
              Map.of("NAME", 2),
              "woman",
              woman ? 1 : 0);
        });
  }

  /** Questions and statements before their mark: "?" over "." or the other way round. */
  public PromptSet questions(int count, long seed) {
    return draw(
        "questions",
        count,
        seed,
        random -> {
          boolean question = random.nextBoolean();
          String name = Page.any(random, Lexicon.NAMES);
          String place = Page.any(random, Lexicon.PLACES);
          String day = Page.any(random, Lexicon.WEEKDAYS);
          String text =
              question
                  ? "Which pet did " + name + " see at the " + place
                  : "Today "
                      + name
                      + " did see the "
                      + Page.any(random, Lexicon.PETS)
                      + " at the "
                      + place;
          return prompt(
              text + " on " + day,
              question ? "?" : ".",
              question ? "." : "?",
              Map.of("OPENER", 1),
              "question",
              question ? 1 : 0);
        });
  }

  /** A topic, and then a word of it over one of another topic. Label: TOPIC, the word naming it. */
  public PromptSet topics(int count, long seed) {
    List<String> openers = List.of("pets", "school", "the weather", "food");
    List<List<String>> words = List.of(Lexicon.PETS, Lexicon.SCHOOL, Lexicon.WEATHER, Lexicon.FOOD);
    return draw(
        "topics",
        count,
        seed,
        random -> {
          int topic = random.nextInt(openers.size());
          int other = (topic + 1 + random.nextInt(openers.size() - 1)) % openers.size();
          String opener = openers.get(topic);
          return prompt(
              "Today we talk about "
                  + opener
                  + ". "
                  + Page.any(random, Lexicon.NAMES)
                  + " likes the",
              " " + Page.any(random, words.get(topic)),
              " " + Page.any(random, words.get(other)),
              Map.of("TOPIC", opener.startsWith("the ") ? 6 : 5),
              "topic",
              topic);
        });
  }

  /**
   * Counted images, "Image 2/8 Image 3/": the answer is the digit after the first stroke, over the
   * one before the last. Label: TOTAL, the digit to copy (section D-Fig3).
   */
  public PromptSet images(int count, long seed) {
    return draw(
        "images",
        count,
        seed,
        random -> {
          int last = 4 + random.nextInt(6);
          int first = 1 + random.nextInt(last - 3);
          return prompt(
              "Image " + first + "/" + last + " Image " + (first + 1) + "/",
              Integer.toString(last),
              Integer.toString(first + 1),
              Map.of("TOTAL", 4),
              "total",
              last);
        });
  }

  /** Codes of letters that are written twice; the answer is the last letter. Label: COPY. */
  public PromptSet codes(int count, long seed) {
    return draw(
        "codes",
        count,
        seed,
        random -> {
          Set<String> drawn = new HashSet<>();
          List<String> letters = new ArrayList<>();
          while (letters.size() < 5) {
            String letter = Page.any(random, Lexicon.LETTERS);
            if (drawn.add(letter)) {
              letters.add(letter);
            }
          }
          String[] names = NamePairs.training(random, 2);
          String[] code = letters.toArray(String[]::new);
          return prompt(
              "Today "
                  + names[0]
                  + " wrote the code"
                  + text(code, 5)
                  + ". Then "
                  + names[1]
                  + " read the code"
                  + text(code, 4),
              " " + code[4],
              " " + code[3],
              Map.of("COPY", 10),
              "letters",
              5);
        });
  }

  /** Writes one prompt from random choices. */
  private interface Draw {
    Prompt from(SplittableRandom random);
  }

  private static PromptSet draw(String name, int count, long seed, Draw draw) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Prompt> prompts = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      prompts.add(draw.from(random));
    }
    return new PromptSet(name, prompts);
  }

  private Prompt prompt(
      String text, String answer, String over, Map<String, Integer> labels, String tag, int value) {
    return Prompt.of(tokenizer, text, true)
        .withAnswer(AnswerPair.of(tokenizer, answer, over))
        .withPositions(new Positions(labels))
        .withTag(tag, Integer.toString(value));
  }

  private static String text(String[] words, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(' ').append(words[i]);
    }
    return text.toString();
  }

  private static void checkLength(int length, int least, int most) {
    if (length < least || length > most) {
      throw new ZlensException(
          Kind.USAGE,
          "expected " + least + " to " + most + " words in a prompt, found " + length,
          null);
    }
  }
}
