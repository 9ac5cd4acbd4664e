package org.zlens.engine.data;

/**
 * One filled indirect-object sentence, before it is tokenised.
 *
 * @param template the pattern
 * @param io the name that is the answer
 * @param s the name that stands twice
 * @param giver the name at the second place of S; another one than S makes an ABC prompt
 * @param place where they go
 * @param object what is given
 * @param joiner the word between the two names, "and" as a rule
 */
public record IoiSentence(
    IoiTemplate template,
    String io,
    String s,
    String giver,
    String place,
    String object,
    String joiner) {

  /** The sentence up to the word before the answer. */
  public String text() {
    return text(template.prompt());
  }

  /** The sentence with " while the weather was nice" at the end of the first clause. */
  public String filledText() {
    return text(template.filledPrompt());
  }

  private String text(Template pattern) {
    String text = pattern.text(io, s, place, object, joiner);
    if (giver.equals(s)) {
      return text;
    }
    int second = text.lastIndexOf(" " + s + " ");
    return text.substring(0, second + 1) + giver + text.substring(second + 1 + s.length());
  }

  /** The same sentence with other names in the three places. */
  public IoiSentence withNames(String newIo, String newS, String newGiver) {
    return new IoiSentence(template, newIo, newS, newGiver, place, object, joiner);
  }

  /** The same sentence with another word between the two names. */
  public IoiSentence withJoiner(String newJoiner) {
    return new IoiSentence(template, io, s, giver, place, object, newJoiner);
  }
}
