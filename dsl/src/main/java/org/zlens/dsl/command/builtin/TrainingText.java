package org.zlens.dsl.command.builtin;

import java.util.Map;
import java.util.Optional;
import org.zlens.dsl.command.engine.CurrentCorpus;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.session.Session;
import org.zlens.engine.data.TokenRows;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelLoader;

/**
 * The text that a training reads.
 *
 * @param notes what files say of it
 * @param note a sentence for the user where it was not chosen
 */
record TrainingText(TokenRows rows, Map<String, String> notes, Optional<String> note) {
  /** The session's corpus in rows of a length; for sprig its own text where there is none. */
  static TrainingText of(Session session, LanguageModel model, int length) {
    Optional<CurrentCorpus> chosen = session.find(Slots.CORPUS);
    boolean own = chosen.isEmpty() && model.name().equals(ModelLoader.SPRIG);
    CurrentCorpus corpus =
        own
            ? CurrentCorpus.sprig(CurrentCorpus.SPRIG_SEED)
            : session.get(Slots.CORPUS, "name some: corpus \"text.jsonl.zst\"");
    return new TrainingText(
        corpus.rows(model, length),
        Map.of("dataset", corpus.name(), "dataset_fingerprint", corpus.fingerprint()),
        own ? Optional.of("text: " + corpus.name()) : Optional.empty());
  }
}
