package org.zlens.engine.data.sprig;

import java.util.List;
import org.zlens.engine.data.IoiWords;

/** The closed word lists of the embedded model's language; no word is in two lists. */
public final class Lexicon {
  /** Names of women and girls; the pronoun is "she". */
  public static final List<String> WOMEN = IoiWords.WOMEN;

  /** Names of men and boys; the pronoun is "he". */
  public static final List<String> MEN = IoiWords.MEN;

  /** All names, women's and men's in turn. */
  public static final List<String> NAMES = IoiWords.NAMES;

  public static final List<String> PLACES = IoiWords.PLACES;

  public static final List<String> OBJECTS = IoiWords.OBJECTS;

  /** Words of repeats only: no sentence uses them, so whatever they predict comes from copying. */
  public static final List<String> POOL =
      words(
          "pebble lantern candle ladder feather anchor barrel basket blanket bottle bridge button"
              + " carpet castle copper cotton cradle engine fender finger flower forest fossil"
              + " glass guitar hammer handle harbor helmet hollow island jacket jungle kettle knight"
              + " ladle lemon magnet marble meadow mirror mitten needle nickel oyster paddle paper"
              + " pillow pirate planet pocket powder prism quiver rabble ribbon river rocket saddle"
              + " sailor sandal shadow shovel signal silver socket spider spoon statue stone string"
              + " sugar table tailor target temple thimble timber tower trumpet tunnel turnip valley"
              + " velvet violin wagon walnut whistle willow window winter wonder yarn zipper board"
              + " coin rope drum flag kite bell boat leaf lock mask nest");

  public static final List<String> NUMBERS =
      words(
          "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
              + " sixteen seventeen eighteen nineteen twenty");

  public static final List<String> WEEKDAYS =
      words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday");

  public static final List<String> MONTHS =
      words(
          "January February March April May June July August September October November December");

  public static final List<String> LETTERS =
      words("A B C D E F G H I J K L M N O P Q R S T U V W X Y Z");

  public static final List<String> DIGITS = words("1 2 3 4 5 6 7 8 9");

  public static final List<String> PETS =
      words("dog cat rabbit parrot hamster turtle puppy kitten pony bird");

  public static final List<String> SCHOOL =
      words("teacher student lesson pencil desk exam class page chapter chalk");

  public static final List<String> WEATHER =
      words("rain snow wind storm cloud sun fog ice thunder frost");

  public static final List<String> FOOD =
      words("bread soup cheese rice apple cake salad butter honey egg");

  public static final List<String> ADJECTIVES = words("red blue green white new small big good");

  /** Jobs, for sentences that tell who somebody is. */
  public static final List<String> JOBS = words("doctor baker farmer pilot singer painter");

  /** Words that may join the two names of an indirect-object sentence; "and" is the usual one. */
  public static final List<String> JOINERS = words("and alongside with plus besides");

  private Lexicon() {}

  /** Every list whose words fill gaps or stand alone. */
  static List<List<String>> lists() {
    return List.of(
        NAMES,
        PLACES,
        OBJECTS,
        POOL,
        NUMBERS,
        WEEKDAYS,
        MONTHS,
        LETTERS,
        DIGITS,
        PETS,
        SCHOOL,
        WEATHER,
        FOOD,
        ADJECTIVES,
        JOBS,
        JOINERS);
  }

  private static List<String> words(String list) {
    return List.of(list.split(" "));
  }
}
