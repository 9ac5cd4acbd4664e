package org.zlens.dsl.command.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.hub.Snapshot;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.WeightStep;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** A model in one row: what it is, its sizes, what was done to its weights, and their hash. */
public final class ModelTable {
  private static final int HASH_SHOWN = 12;

  private ModelTable() {}

  /**
   * The row of a model.
   *
   * @param saes number of features by location, if there are SAEs
   */
  public static TableValue of(CurrentModel current, Optional<Map<Location, Integer>> saes) {
    LanguageModel model = current.model();
    ModelConfig config = model.config();
    Table table =
        Table.create(
            model.name(),
            StringColumn.create("model", model.name()),
            StringColumn.create("architecture", model.family()),
            IntColumn.create("layers", new int[] {config.layers()}),
            IntColumn.create("heads", new int[] {config.heads()}),
            IntColumn.create("d_model", new int[] {config.dModel()}),
            IntColumn.create("d_head", new int[] {config.dHead()}),
            IntColumn.create("d_mlp", new int[] {config.dMlp()}),
            IntColumn.create("vocabulary", new int[] {config.dVocab()}),
            IntColumn.create("context", new int[] {config.context()}),
            StringColumn.create("processing", processing(model)),
            StringColumn.create("sha256", model.sha256().substring(0, HASH_SHOWN)));
    List<String> notes = new ArrayList<>();
    Snapshot origin = current.origin();
    if (origin != null) {
      notes.add("from " + origin.address("").text());
    }
    if (current.tokenizer() != null) {
      notes.add("tokenizer from " + current.tokenizer().address("").text());
    }
    notes.add("weights: " + steps(model));
    if (model.tokenizerOrNull() == null) {
      notes.add("no tokenizer.json: prompts are token ids, prompt tokens [5, 17, 3]");
    } else {
      notes.add(BosRule.note(model.tokenizer()));
      if (model.tokenizer().special().chat()) {
        notes.add("chats: the marks of turns are part of a prompt's text, nothing adds them");
      }
    }
    notes.add("SAEs: " + saes.filter(s -> !s.isEmpty()).map(ModelTable::saes).orElse("none"));
    return new TableValue(table, Map.of(), notes);
  }

  private static String processing(LanguageModel model) {
    if (model.processing().equals(WeightStep.all())) {
      return "default";
    }
    return model.processing().isEmpty() ? "none" : labels(model);
  }

  private static String steps(LanguageModel model) {
    return model.processing().isEmpty() ? "as stored" : labels(model);
  }

  private static String labels(LanguageModel model) {
    return model.processing().stream()
        .sorted()
        .map(WeightStep::label)
        .collect(Collectors.joining(", "));
  }

  private static String saes(Map<Location, Integer> sizes) {
    Map<Site, Map<Integer, Integer>> bySite = new TreeMap<>();
    sizes.forEach(
        (at, size) ->
            bySite.computeIfAbsent(at.site(), s -> new TreeMap<>()).put(at.layer(), size));
    return bySite.entrySet().stream()
        .map(site -> site.getKey().shortName() + " of " + layers(site.getValue()))
        .collect(Collectors.joining("; "));
  }

  /** Layers as {@code L0..L3 (1024 features each)}, or one by one where they differ. */
  private static String layers(Map<Integer, Integer> sizes) {
    List<Integer> layers = List.copyOf(sizes.keySet());
    int first = layers.get(0);
    int last = layers.get(layers.size() - 1);
    boolean alike = new HashSet<>(sizes.values()).size() == 1;
    if (alike && layers.size() > 1 && last - first == layers.size() - 1) {
      return "L" + first + "..L" + last + " (" + sizes.get(first) + " features each)";
    }
    return sizes.entrySet().stream()
        .map(one -> "L" + one.getKey() + " (" + one.getValue() + " features)")
        .collect(Collectors.joining(", "));
  }
}
