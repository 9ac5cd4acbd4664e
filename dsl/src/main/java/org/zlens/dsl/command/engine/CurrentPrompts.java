package org.zlens.dsl.command.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.zlens.dsl.command.Fact;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.session.PromptSetValue;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.SessionObject;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.io.FileHash;

/** The session's prompts, also a value that a variable may hold. */
public final class CurrentPrompts implements SessionObject, PromptSetValue {
  private final PromptSet set;
  private final List<String> notes;
  private String sha256;

  /**
   * Prompts of the current model.
   *
   * @param notes sentences to show below them, such as what they were drawn from
   */
  public CurrentPrompts(PromptSet set, List<String> notes) {
    this.set = set;
    this.notes = List.copyOf(notes);
  }

  public CurrentPrompts(PromptSet set) {
    this(set, List.of());
  }

  public PromptSet set() {
    return set;
  }

  /** Sentences to show below them. */
  public List<String> notes() {
    return notes;
  }

  /** Labels that all prompts have. */
  public Set<String> labels() {
    Set<String> labels = new TreeSet<>(set.prompts().get(0).positions().labels().keySet());
    set.prompts().forEach(prompt -> labels.retainAll(prompt.positions().labels().keySet()));
    return labels;
  }

  /** Whether every prompt has an answer pair. */
  public boolean isAnswered() {
    return set.prompts().stream().allMatch(prompt -> prompt.answer().isPresent());
  }

  @Override
  public TableValue table() {
    return PromptTable.of(set, notes);
  }

  @Override
  public void foretell(Forecast forecast) {
    forecast.know(EngineFacts.PROMPTS, set.name());
    forecast.know(EngineFacts.ANSWERED, isAnswered());
    forecast.know(Fact.LABELS, labels());
  }

  @Override
  public List<ProvenanceInput> inputs() {
    Map<String, String> details = new TreeMap<>();
    details.put("prompts", Integer.toString(set.size()));
    if (!notes.isEmpty()) {
      details.put("drawn", String.join("; ", notes));
    }
    return List.of(new ProvenanceInput("prompts", set.name(), sha256(), details));
  }

  /** Digest of all that results can hang on: tokens, labels, answers and tags of each prompt. */
  private String sha256() {
    if (sha256 == null) {
      StringBuilder text = new StringBuilder();
      for (Prompt prompt : set.prompts()) {
        text.append(Arrays.toString(prompt.tokens().ids()))
            .append(prompt.tokens().prependedBos())
            .append(new TreeMap<>(prompt.positions().labels()))
            .append(prompt.answer())
            .append(prompt.tags())
            .append('\n');
      }
      sha256 = FileHash.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    }
    return sha256;
  }
}
