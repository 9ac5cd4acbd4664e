package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;

/**
 * Prompts by the value of a tag, such as the order of the names in indirect-object prompts.
 *
 * @param tag the tag, or an empty text where there are no groups
 * @param names the value of each prompt; empty where there are no groups
 */
record PromptGroups(String tag, List<String> names) {
  /** The tag that makes the groups. */
  static final Parameter<String> BY =
      Parameter.after(
              "by", "tag", Types.NAME, "prompts in groups by a tag, or 'none'; 'order' without it")
          .optional();

  private static final String NONE = "none";
  private static final String WRITTEN = "prompt";
  private static final List<String> USUAL = List.of("order", "template");

  PromptGroups {
    names = List.copyOf(names);
  }

  /** The groups that the arguments ask for, else the usual ones of the prompts. */
  static PromptGroups of(PromptSet prompts, Arguments arguments) {
    if (arguments.has(BY)) {
      return of(prompts, arguments, BY, NONE);
    }
    Set<String> tags = tags(prompts);
    for (String tag : USUAL) {
      if (tags.contains(tag) && by(tag, prompts).all().size() > 1) {
        return by(tag, prompts);
      }
    }
    return new PromptGroups("", List.of());
  }

  /**
   * The groups of the tag that an argument names.
   *
   * @param none the word for no groups
   */
  static PromptGroups of(
      PromptSet prompts, Arguments arguments, Parameter<String> by, String none) {
    Set<String> tags = tags(prompts);
    String tag = arguments.get(by);
    if (tag.equals(none)) {
      return new PromptGroups("", List.of());
    }
    if (!tags.contains(tag)) {
      throw arguments.fault(
          by,
          Kind.NAME,
          "the prompts have no tag '" + tag + "'",
          Suggestion.didYouMean(
              tag,
              tags,
              tags.isEmpty() ? "they have no tags at all" : "tags: " + String.join(", ", tags)));
    }
    return by(tag, prompts);
  }

  private static Set<String> tags(PromptSet prompts) {
    Set<String> tags = new TreeSet<>(prompts.prompts().get(0).tags().keySet());
    prompts.prompts().forEach(prompt -> tags.retainAll(prompt.tags().keySet()));
    return tags;
  }

  /** The tag that will make the groups, an empty text for none, where that is known. */
  static Optional<String> tag(Arguments arguments, Forecast forecast) {
    if (arguments.has(BY)) {
      return arguments.isKnown(BY)
          ? arguments.find(BY).map(tag -> tag.equals(NONE) ? "" : tag)
          : Optional.empty();
    }
    // A prompt that was written has no tags.
    return forecast.ask(EngineFacts.PROMPTS).value().filter(WRITTEN::equals).map(name -> "");
  }

  private static PromptGroups by(String tag, PromptSet prompts) {
    List<String> names = new ArrayList<>();
    for (Prompt prompt : prompts.prompts()) {
      names.add(prompt.tags().get(tag));
    }
    return new PromptGroups(tag, names);
  }

  boolean isEmpty() {
    return names.isEmpty();
  }

  /** The prompts of each group, in the order in which the groups appear. */
  Map<String, BitSet> all() {
    Map<String, BitSet> groups = new LinkedHashMap<>();
    for (int row = 0; row < names.size(); row++) {
      groups.computeIfAbsent(names.get(row), name -> new BitSet()).set(row);
    }
    return groups;
  }
}
