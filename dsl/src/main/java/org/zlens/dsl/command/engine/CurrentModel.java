package org.zlens.dsl.command.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.SessionObject;
import org.zlens.engine.io.FileHash;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.runtime.Torch;

/** The session's model, which it owns. */
public record CurrentModel(LanguageModel model) implements SessionObject {
  @Override
  public void foretell(Forecast forecast) {
    EngineFacts.knowModel(forecast, model.name(), model.config());
  }

  @Override
  public List<ProvenanceInput> inputs() {
    String steps =
        model.processing().stream()
            .map(step -> step.name().toLowerCase(Locale.ROOT))
            .sorted()
            .collect(Collectors.joining(", "));
    return List.of(
        new ProvenanceInput(
            "model",
            model.name(),
            model.sha256(),
            Map.of(
                "processing",
                steps.isEmpty() ? "none" : steps,
                "config",
                FileHash.sha256(model.config().toString().getBytes(StandardCharsets.UTF_8)),
                "device",
                Torch.device().replace("()", ""),
                "dtype",
                "float32")));
  }

  @Override
  public void close() {
    model.close();
  }
}
