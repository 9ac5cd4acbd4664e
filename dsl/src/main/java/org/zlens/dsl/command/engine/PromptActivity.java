package org.zlens.dsl.command.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Fact;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.SessionObject;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.measure.FeatureActivity;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.runtime.Interruption;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.Sae;

/**
 * The features that are active in the current prompts, for whoever types an address. The prompt of
 * a session looks for them while nothing else runs; until they are found, nobody waits for them.
 *
 * <p>One thread looks; any may read what has been found.
 */
public final class PromptActivity implements SessionObject {
  /** The strongest of each SAE that are kept. */
  private static final int KEPT = 40;

  /** Tokens of the first prompts that are looked at. */
  private static final int TOKENS = 256;

  /** What was found for these prompts of this model with these SAEs. */
  private record Found(
      LanguageModel model,
      PromptSet prompts,
      Map<Location, Integer> sizes,
      Map<Location, List<Candidate>> strongest) {
    private boolean isOf(LanguageModel other, PromptSet some, Map<Location, Integer> saes) {
      return model == other && prompts == some && sizes.equals(saes);
    }
  }

  private volatile Found found;

  /**
   * Looks at every SAE in turn, unless that has been done for these prompts. What it finds can be
   * read SAE by SAE.
   *
   * @param poll throws {@link org.zlens.engine.ZlensException} to put it off; it goes on where it
   *     was at the next call
   */
  public void look(Session session, Runnable poll) {
    LanguageModel model = session.find(Slots.MODEL).map(CurrentModel::model).orElse(null);
    CurrentSaes saes = session.find(Slots.SAES).orElse(null);
    PromptSet prompts = session.find(Slots.PROMPTS).map(CurrentPrompts::set).orElse(null);
    if (model == null || saes == null || prompts == null) {
      found = null;
      return;
    }
    Found before = found;
    if (before == null || !before.isOf(model, prompts, saes.sizes())) {
      before = new Found(model, prompts, saes.sizes(), Map.of());
      found = before;
    }
    if (before.strongest().size() == before.sizes().size()) {
      return;
    }
    try (Interruption asking = Interruption.asking(poll)) {
      PromptSet some = first(prompts);
      for (Sae sae : saes.set().all()) {
        poll.run();
        Map<Location, List<Candidate>> strongest = new HashMap<>(found.strongest());
        strongest.computeIfAbsent(sae.location(), at -> strongest(sae, some, model));
        found = new Found(model, prompts, before.sizes(), Map.copyOf(strongest));
      }
    }
  }

  private static PromptSet first(PromptSet prompts) {
    int count = 0;
    int tokens = 0;
    while (count < prompts.size() && (count == 0 || tokens < TOKENS)) {
      tokens += prompts.prompts().get(count).tokens().size();
      count++;
    }
    return prompts.first(count);
  }

  private static List<Candidate> strongest(Sae sae, PromptSet prompts, LanguageModel model) {
    try (Scope scope = Scope.open()) {
      return FeatureActivity.of(model.transformer(), sae, Batch.of(prompts), Where.everywhere())
          .stream()
          .sorted((a, b) -> Double.compare(b.max(), a.max()))
          .limit(KEPT)
          .map(one -> new Candidate(sae.address(one.feature()), text(one, prompts, model)))
          .toList();
    }
  }

  private static String text(FeatureActivity one, PromptSet prompts, LanguageModel model) {
    Prompt prompt = prompts.prompts().get(one.row());
    int id = prompt.tokens().ids()[one.position()];
    List<String> labels = Labels.at(prompt, one.position());
    String label = labels.isEmpty() ? "" : " (" + String.join(", ", labels) + ")";
    String piece = model.tokenizerOrNull() == null ? "<" + id + ">" : model.tokenizer().piece(id);
    String spread =
        prompts.size() == 1
            ? ""
            : ", in " + one.prompts().cardinality() + " of " + prompts.size() + " prompts";
    return String.format(
        Locale.ROOT, "%.3g at '%s'%s%s", one.max(), piece.replace('\n', ' '), label, spread);
  }

  @Override
  public void foretell(Forecast forecast) {
    Found now = found;
    if (now != null) {
      forecast.know(
          Fact.ACTIVE,
          (layer, residual) ->
              now.strongest()
                  .getOrDefault(Location.of(residual ? Site.RESID_PRE : Site.Z, layer), List.of()));
    }
  }
}
