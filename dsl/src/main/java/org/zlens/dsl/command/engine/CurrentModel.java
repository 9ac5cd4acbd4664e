package org.zlens.dsl.command.engine;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.SessionObject;
import org.zlens.engine.hub.HubRegistry;
import org.zlens.engine.hub.Snapshot;
import org.zlens.engine.io.FileHash;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.runtime.Torch;

/**
 * The session's model, which it owns.
 *
 * @param origin the files of the hub that it was loaded from; null if it is not from there
 * @param tokenizer those of its tokenizer, if they are of another repository; else null
 */
public record CurrentModel(LanguageModel model, Snapshot origin, Snapshot tokenizer)
    implements SessionObject {
  /**
   * What model it is, whatever it is called ({@link HubRegistry#identity}); nothing for one in a
   * folder, which could be any.
   */
  public Optional<String> identity() {
    if (origin != null) {
      return Optional.of(HubRegistry.identity(origin.repository().name()));
    }
    return model.name().equals(ModelLoader.SPRIG)
        ? Optional.of(ModelLoader.SPRIG)
        : Optional.empty();
  }

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
    Map<String, String> details = new HashMap<>();
    details.put("processing", steps.isEmpty() ? "none" : steps);
    details.put(
        "config", FileHash.sha256(model.config().toString().getBytes(StandardCharsets.UTF_8)));
    details.put("device", Torch.device().toString());
    details.put("dtype", Torch.weightType().label());
    if (origin != null) {
      details.put("repository", origin.repository().name());
      details.put("revision", origin.commit());
    }
    if (tokenizer != null) {
      details.put("tokenizer", tokenizer.address("").text());
    }
    if (model.tokenizerOrNull() != null) {
      details.put("bos", model.tokenizerOrNull().prependsBos() ? "in front" : "none");
    }
    return List.of(new ProvenanceInput("model", model.name(), model.sha256(), details));
  }

  @Override
  public void close() {
    model.close();
  }
}
