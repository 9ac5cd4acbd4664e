package org.zlens.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.SaeSet;

/** The tiny GPT-2 of the fixtures with its attention and residual SAEs of every layer. */
public final class TinyGpt2 implements AutoCloseable {
  private final Transformer model;
  private final SaeSet saes;

  private TinyGpt2(Transformer model, SaeSet saes) {
    this.model = model;
    this.saes = saes;
  }

  /** The processed model and its SAEs. */
  public static TinyGpt2 open() {
    Transformer model = model(WeightStep.all());
    SaeSet saes = new SaeSet(model);
    for (int layer = 0; layer < model.config().layers(); layer++) {
      saes.attach(sae("saelens-v6/blocks." + layer + ".attn.hook_z", Location.of(Site.Z, layer)));
      saes.attach(
          sae(
              "residual-v6/blocks." + layer + ".hook_resid_pre",
              Location.of(Site.RESID_PRE, layer)));
    }
    return new TinyGpt2(model, saes);
  }

  /** The model after some steps of processing; the caller closes its weights. */
  public static Transformer model(Set<WeightStep> steps) {
    return ModelLoader.load(Fixtures.path("gpt2-tiny/hf").toString(), steps).transformer();
  }

  /** An SAE of the fixtures; the caller closes it. */
  public static Sae sae(String folder, Location location) {
    Path path = Fixtures.path("saes/" + folder + "/sae_weights.safetensors");
    try (Scope scope = Scope.open();
        TensorFile file = Safetensors.open(path)) {
      return new Sae(
          location,
          new SaeEncoder.Relu(),
          true,
          tensor(file, "W_enc"),
          tensor(file, "b_enc"),
          tensor(file, "W_dec"),
          tensor(file, "b_dec"));
    }
  }

  /** Floats of a golden. */
  public static Tensor tensor(TensorFile file, String name) {
    return Tensor.of(file.floats(name), file.info(name).shape());
  }

  /** Whole numbers of a golden. */
  public static Tensor longs(TensorFile file, String name) {
    return Tensor.of(file.readLongs(name), file.info(name).shape());
  }

  /** A JSON file of the fixtures. */
  public static JsonNode json(String name) {
    try {
      return new ObjectMapper().readTree(Fixtures.path(name).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The model. */
  public Transformer model() {
    return model;
  }

  /** Its SAEs. */
  public SaeSet saes() {
    return saes;
  }

  @Override
  public void close() {
    saes.close();
    model.weights().close();
  }
}
