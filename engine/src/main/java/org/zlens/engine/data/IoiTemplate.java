package org.zlens.engine.data;

import java.util.ArrayList;
import java.util.List;

/**
 * One sentence pattern of the indirect-object task in one order of names.
 *
 * <p>The first seven families are those of the data set of section D-IOI; the others vary the
 * opener and the second clause. The repeated name S gives something to the name IO that is not
 * repeated.
 *
 * @param family which sentence pattern; 0 to 6 make the "mixed" set
 * @param order which of the two names stands first
 * @param prompt the sentence up to and including the word before the answer; gaps: 0 IO, 1 S, 2
 *     place, 3 object, 4 the word that joins the names
 * @param filledPrompt the same with " while the weather was nice" at the end of the first clause
 */
public record IoiTemplate(int family, Order order, Template prompt, Template filledPrompt) {
  /** Whether the name that comes first is the repeated one (BABA) or the answer (ABBA). */
  public enum Order {
    BABA,
    ABBA
  }

  /** The number of families of the "mixed" set of section D-IOI. */
  public static final int MIXED_FAMILIES = 7;

  /** A clause that tells the model nothing, to move later words (section D-Fig5). */
  public static final String FILLER = " while the weather was nice";

  /** A sentence that tells the model nothing, to be put before a prompt (section D-Fig5). */
  public static final String PREFIX = "It was a nice day.";

  // 5 and 6 stand for the name that comes first and second; | is where a filler goes.
  private static final List<String> FAMILIES =
      List.of(
          "Then, {5} {4} {6} went to the {2}|. {1} gave a {3} to",
          "Then, {5} {4} {6} had a lot of fun at the {2}|. {1} gave a {3} to",
          "Then, {5} {4} {6} were working at the {2}|. {1} decided to give a {3} to",
          "Then, {5} {4} {6} were thinking about going to the {2}|. {1} wanted to give a {3} to",
          "Then, {5} {4} {6} had a long argument|, and afterwards {1} said to",
          "After {5} {4} {6} went to the {2}|, {1} gave a {3} to",
          "When {5} {4} {6} got a {3} at the {2}|, {1} decided to give it to",
          "When {5} {4} {6} went to the {2}|, {1} gave a {3} to",
          "When {5} {4} {6} got a {3} at the {2}|, {1} decided to give the {3} to",
          "While {5} {4} {6} were working at the {2}|, {1} gave a {3} to",
          "While {5} {4} {6} were going to the {2}|, {1} wanted to give a {3} to",
          "After the lunch, {5} {4} {6} went to the {2}|. {1} gave a {3} to",
          "Afterwards, {5} {4} {6} went to the {2}|. {1} decided to give a {3} to",
          "Then, {5} {4} {6} had a long argument|. Afterwards {1} said to",
          "Friends {5} {4} {6} found a {3} at the {2}|. {1} gave it to");

  private static final List<IoiTemplate> ALL = build();

  /** All patterns, family by family, BABA before ABBA. */
  public static List<IoiTemplate> all() {
    return ALL;
  }

  /** The 14 patterns of the "mixed" set. */
  public static List<IoiTemplate> mixed() {
    return ALL.stream().filter(template -> template.family < MIXED_FAMILIES).toList();
  }

  private static List<IoiTemplate> build() {
    List<IoiTemplate> all = new ArrayList<>();
    for (int family = 0; family < FAMILIES.size(); family++) {
      for (Order order : Order.values()) {
        String text =
            FAMILIES
                .get(family)
                .replace("{5}", order == Order.BABA ? "{1}" : "{0}")
                .replace("{6}", order == Order.BABA ? "{0}" : "{1}");
        all.add(
            new IoiTemplate(
                family,
                order,
                Template.of(text.replace("|", "")),
                Template.of(text.replace("|", FILLER))));
      }
    }
    return List.copyOf(all);
  }
}
