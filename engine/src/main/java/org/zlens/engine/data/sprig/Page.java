package org.zlens.engine.data.sprig;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.zlens.engine.data.Template;

/** One document while it is being written: its words, each of which is one token. */
final class Page {
  private final List<String> words = new ArrayList<>();

  /** Adds a filled sentence, separated by a space from what stands there. */
  void say(Template template, String... values) {
    template.fill(words::add, !words.isEmpty(), values);
  }

  /** Adds a word with its leading space, even at the start. */
  void word(String word) {
    words.add(" ".concat(word));
  }

  /** Adds a punctuation mark. */
  void mark(String mark) {
    words.add(mark);
  }

  List<String> words() {
    return words;
  }

  static String any(SplittableRandom random, List<String> list) {
    return list.get(random.nextInt(list.size()));
  }

  static Template anyOf(SplittableRandom random, List<Template> list) {
    return list.get(random.nextInt(list.size()));
  }
}
