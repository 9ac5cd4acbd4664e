package org.zlens.repl.explore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.zlens.dsl.command.engine.CurrentModel;
import org.zlens.dsl.command.engine.CurrentPrompts;
import org.zlens.dsl.command.engine.CurrentSaes;
import org.zlens.dsl.command.engine.Labels;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.session.Session;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.tokenizer.Tokenizer;

/** What a session stands at, for a page: its model, its SAEs and its prompts. */
final class SessionState {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int MOST_PROMPTS = 100;
  private static final int MOST_TOKENS = 2048;

  private SessionState() {}

  /** The state as JSON; to be asked on the thread that runs commands. */
  static ObjectNode of(Session session) {
    ObjectNode state = JSON.objectNode();
    LanguageModel model = session.find(Slots.MODEL).map(CurrentModel::model).orElse(null);
    if (model == null) {
      state.putNull("model");
      return state;
    }
    ObjectNode about = state.putObject("model");
    about.put("name", Shortened.text(model.name()));
    about.put("layers", model.config().layers());
    about.put("heads", model.config().heads());
    ArrayNode saes = state.putArray("saes");
    session
        .find(Slots.SAES)
        .map(CurrentSaes::sizes)
        .ifPresent(
            sizes ->
                sizes.entrySet().stream()
                    .sorted((a, b) -> Integer.compare(a.getKey().layer(), b.getKey().layer()))
                    .forEach(
                        entry ->
                            saes.addObject()
                                .put("layer", entry.getKey().layer())
                                .put("residual", entry.getKey().site() == Site.RESID_PRE)
                                .put("features", entry.getValue())));
    session.find(Slots.PROMPTS).ifPresent(prompts -> prompts(state, prompts, model));
    return state;
  }

  /** What numbers hang on: of another model or other tokens, none of those shown holds. */
  static String ground(ObjectNode state) {
    StringBuilder ground = new StringBuilder(state.path("model").path("name").asText());
    for (JsonNode prompt : state.path("prompts")) {
      ground.append('\n').append(prompt.path("length"));
      prompt.path("tokens").forEach(token -> ground.append('\t').append(token.path("text")));
    }
    return ground.toString();
  }

  private static void prompts(ObjectNode state, CurrentPrompts prompts, LanguageModel model) {
    List<Prompt> all = prompts.set().prompts();
    state.put("count", all.size());
    ArrayNode shown = state.putArray("prompts");
    for (Prompt prompt : all.subList(0, Math.min(all.size(), MOST_PROMPTS))) {
      ObjectNode one = shown.addObject();
      one.put("text", Shortened.text(prompt.text(), 20 * Shortened.MOST_CHARACTERS));
      ArrayNode tokens = one.putArray("tokens");
      int[] ids = prompt.tokens().ids();
      for (int at = 0; at < Math.min(ids.length, MOST_TOKENS); at++) {
        ObjectNode token = tokens.addObject();
        token.put("text", Shortened.text(piece(model, ids[at])));
        List<String> labels = Labels.at(prompt, at);
        if (!labels.isEmpty()) {
          token.put("labels", String.join(" ", labels));
        }
      }
      one.put("length", ids.length);
      prompt
          .answer()
          .ifPresent(
              pair ->
                  one.put("answer", Shortened.text(pair.answer()))
                      .put("over", Shortened.text(pair.over())));
    }
  }

  private static String piece(LanguageModel model, int id) {
    Tokenizer tokenizer = model.tokenizerOrNull();
    return tokenizer == null || id >= tokenizer.vocabularySize()
        ? "<" + id + ">"
        : tokenizer.piece(id);
  }
}
