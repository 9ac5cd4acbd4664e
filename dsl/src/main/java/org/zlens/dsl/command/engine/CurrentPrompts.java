package org.zlens.dsl.command.engine;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
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

/**
 * The session's prompts, also a value that a variable may hold.
 *
 * @param notes sentences to show below them, such as what they were drawn from
 */
public record CurrentPrompts(PromptSet set, List<String> notes)
    implements SessionObject, PromptSetValue {
  public CurrentPrompts {
    notes = List.copyOf(notes);
  }

  public CurrentPrompts(PromptSet set) {
    this(set, List.of());
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
    return List.of(new ProvenanceInput("prompts", set.name(), sha256()));
  }

  /** Digest of the token ids of all prompts, each after its length. */
  private String sha256() {
    int numbers = set.prompts().stream().mapToInt(prompt -> 1 + prompt.tokens().size()).sum();
    ByteBuffer bytes = ByteBuffer.allocate(numbers * Integer.BYTES);
    for (Prompt prompt : set.prompts()) {
      int[] ids = prompt.tokens().ids();
      bytes.putInt(ids.length);
      for (int id : ids) {
        bytes.putInt(id);
      }
    }
    return FileHash.sha256(bytes.array());
  }
}
