package org.zlens.engine.data;

import java.util.List;
import java.util.function.BiPredicate;

/**
 * The words that fill indirect-object prompts.
 *
 * @param names first names
 * @param places where the two go
 * @param objects what is given
 * @param pairs which two names may stand together, in either order
 */
public record IoiWords(
    List<String> names,
    List<String> places,
    List<String> objects,
    BiPredicate<String, String> pairs) {

  /** Names of women and girls that are single tokens for GPT-2. */
  public static final List<String> WOMEN =
      words(
          "Ann Mary Amanda Sarah Emma Kate Lucy Alice Laura Julia Linda Susan Karen Helen Lisa"
              + " Emily Rachel Jane Maria Diana Claire Nancy Betty Ruth Amy Eva Victoria Martha Tina"
              + " Donna");

  /** Names of men and boys that are single tokens for GPT-2. */
  public static final List<String> MEN =
      words(
          "Bob Dave John Tom James Paul Peter David Robert Michael Daniel Kevin Brian Eric Adam"
              + " Alex Sam Ben Joe Jack Henry George Simon Luke Ryan Steven Martin Frank Carl Fred");

  /** All names, women's and men's in turn. */
  public static final List<String> NAMES = interleaved();

  /** The eight places of section D-IOI and two more. */
  public static final List<String> PLACES =
      words("store garden restaurant school hospital office house station park market");

  /** The eight objects of section D-IOI and two more. */
  public static final List<String> OBJECTS =
      words("ring kiss bone basketball computer necklace drink snack book lamp");

  public IoiWords {
    names = List.copyOf(names);
    places = List.copyOf(places);
    objects = List.copyOf(objects);
  }

  /** The built-in words; any two names may stand together. */
  public static IoiWords standard() {
    return new IoiWords(NAMES, PLACES, OBJECTS, (first, second) -> true);
  }

  /** These words with another rule for pairs of names. */
  public IoiWords withPairs(BiPredicate<String, String> rule) {
    return new IoiWords(names, places, objects, rule);
  }

  private static List<String> interleaved() {
    String[] names = new String[WOMEN.size() + MEN.size()];
    for (int i = 0; i < WOMEN.size(); i++) {
      names[2 * i] = WOMEN.get(i);
      names[2 * i + 1] = MEN.get(i);
    }
    return List.of(names);
  }

  private static List<String> words(String list) {
    return List.of(list.split(" "));
  }
}
