package org.zlens.engine.measure;

import java.util.List;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * The head that looks most from certain positions to certain others, and how much: the mean of its
 * attention weights there.
 *
 * @param score mean attention weight, 0 to 1
 */
public record HeadScore(int layer, int head, double score) {
  /** One query and one key position of a prompt. */
  public record Look(int row, int query, int key) {}

  /** The best head of the model by its mean weight over the looks. */
  public static HeadScore best(LanguageModel model, PromptSet prompts, List<Look> looks) {
    ModelConfig config = model.config();
    HeadScore best = new HeadScore(0, 0, -1);
    try (Scope scope = Scope.open()) {
      Hooks hooks = Hooks.none().withoutLogits();
      for (int layer = 0; layer < config.layers(); layer++) {
        hooks = hooks.capture(Location.of(Site.PATTERN, layer));
      }
      int padding = model.tokenizer().bosId();
      Tensor tokens = Tensor.ofRows(prompts.ids(padding));
      Activations run = model.transformer().forward(tokens, hooks);
      int length = prompts.longest();
      for (int layer = 0; layer < config.layers(); layer++) {
        float[] pattern = run.get(Site.PATTERN, layer).floats();
        for (int head = 0; head < config.heads(); head++) {
          double sum = 0;
          for (Look look : looks) {
            int row = (look.row() * config.heads() + head) * length + look.query();
            sum += pattern[row * length + look.key()];
          }
          double score = sum / looks.size();
          if (score > best.score) {
            best = new HeadScore(layer, head, score);
          }
        }
      }
    }
    return best;
  }
}
