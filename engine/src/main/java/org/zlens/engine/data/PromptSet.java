package org.zlens.engine.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * Prompts that are run together; a label means each prompt's own position.
 *
 * @param name what it is called in results
 * @param prompts at least one
 */
public record PromptSet(String name, List<Prompt> prompts) {
  public PromptSet {
    prompts = List.copyOf(prompts);
    if (prompts.isEmpty()) {
      throw new ZlensException(Kind.DATA, "prompt set '" + name + "' is empty", null);
    }
  }

  /** A set of one. */
  public static PromptSet of(Prompt prompt) {
    return new PromptSet("prompt", List.of(prompt));
  }

  /** Number of prompts. */
  public int size() {
    return prompts.size();
  }

  /** Number of tokens of the longest prompt. */
  public int longest() {
    return prompts.stream().mapToInt(prompt -> prompt.tokens().size()).max().orElseThrow();
  }

  /**
   * Ids padded on the right, {@code [batch, pos]}; causal attention keeps the padding from
   * mattering before it.
   */
  public int[][] ids(int padding) {
    int[][] ids = new int[size()][];
    int length = longest();
    for (int i = 0; i < ids.length; i++) {
      int[] own = prompts.get(i).tokens().ids();
      ids[i] = Arrays.copyOf(own, length);
      Arrays.fill(ids[i], own.length, length, padding);
    }
    return ids;
  }

  /** The last position of each prompt, {@code [batch]}. */
  public int[] ends() {
    return prompts.stream().mapToInt(Prompt::end).toArray();
  }

  /**
   * The position of a label in each prompt, moved by an offset, {@code [batch]}.
   *
   * @throws ZlensException that names the first prompt in which it has no place
   */
  public int[] positions(String label, int offset) {
    return each(prompt -> prompt.position(label, offset));
  }

  /** The position of the nth token of a text in each prompt, {@code [batch]}. */
  public int[] occurrences(String tokenText, int number) {
    return each(prompt -> prompt.occurrence(tokenText, number));
  }

  /** These prompts with a label at the nth token of a text in each. */
  public PromptSet mark(String label, String tokenText, int number) {
    return map(prompt -> prompt.mark(label, tokenText, number));
  }

  /** These prompts with a label at an offset from another label. */
  public PromptSet markAt(String label, String from, int offset) {
    return map(
        prompt ->
            prompt.withPositions(prompt.positions().with(label, prompt.position(from, offset))));
  }

  /**
   * The answer pair of each prompt.
   *
   * @throws ZlensException that names the first prompt without one
   */
  public List<AnswerPair> answers() {
    List<AnswerPair> answers = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      int number = i;
      answers.add(
          prompts
              .get(i)
              .answer()
              .orElseThrow(
                  () ->
                      new ZlensException(
                          Kind.DATA,
                          "prompt " + number + " of '" + name + "' has no answer pair",
                          "prompt ... answer \" Ann\" over \" Bob\"")));
    }
    return answers;
  }

  /** The prompts with a tag. */
  public PromptSet where(String key, String value) {
    return new PromptSet(
        name + " with " + key + " " + value,
        prompts.stream().filter(prompt -> value.equals(prompt.tags().get(key))).toList());
  }

  /** The first prompts. */
  public PromptSet first(int count) {
    return new PromptSet(name, prompts.subList(0, Math.min(count, size())));
  }

  private PromptSet map(Function<Prompt, Prompt> change) {
    List<Prompt> changed = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      Prompt prompt = prompts.get(i);
      changed.add(named(i, () -> change.apply(prompt)));
    }
    return new PromptSet(name, changed);
  }

  private int[] each(ToIntFunction<Prompt> place) {
    int[] places = new int[size()];
    for (int i = 0; i < places.length; i++) {
      Prompt prompt = prompts.get(i);
      places[i] = named(i, () -> place.applyAsInt(prompt));
    }
    return places;
  }

  private <T> T named(int number, Supplier<T> work) {
    try {
      return work.get();
    } catch (ZlensException e) {
      if (size() == 1) {
        throw e;
      }
      throw new ZlensException(
          e.kind(), "prompt " + number + " of '" + name + "': " + e.getMessage(), e.hint(), e);
    }
  }
}
