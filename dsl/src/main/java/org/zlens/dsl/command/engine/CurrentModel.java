package org.zlens.dsl.command.engine;

import java.util.List;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.SessionObject;
import org.zlens.engine.model.LanguageModel;

/** The session's model, which it owns. */
public record CurrentModel(LanguageModel model) implements SessionObject {
  @Override
  public void foretell(Forecast forecast) {
    EngineFacts.knowModel(forecast, model.name(), model.config());
  }

  @Override
  public List<ProvenanceInput> inputs() {
    return List.of(new ProvenanceInput("model", model.name(), model.sha256()));
  }

  @Override
  public void close() {
    model.close();
  }
}
