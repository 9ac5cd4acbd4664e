package org.zlens.engine.sae;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * The SAEs of one model: attention-output SAEs ({@code L5.z}) and residual SAEs ({@code
 * L5.resid_pre}) by layer, and any at other sites by location.
 *
 * <p>An SAE is checked when it is attached: layer, site, width, and that the model's values carry
 * no bias, since SAEs on z are trained on processed weights. The set owns what is attached.
 */
public final class SaeSet implements AutoCloseable {
  /** Largest constant of the values, against their weights, that counts as folded away. */
  private static final double FOLDED = 1e-6;

  /** Largest mean of an embedding, against its largest value, that counts as none. */
  private static final double CENTERED = 1e-5;

  private final Transformer model;
  private final Map<Location, Sae> attached = new LinkedHashMap<>();

  /** No SAEs yet, for a model that the set reads but does not own. */
  public SaeSet(Transformer model) {
    this.model = model;
  }

  /** The model whose SAEs these are. */
  public Transformer model() {
    return model;
  }

  /**
   * Takes over an SAE, replacing and closing one at the same location.
   *
   * @throws ZlensException of kind DATA if it does not belong to this model; the SAE then stays
   *     with the caller
   */
  public void attach(Sae sae) {
    Location at = sae.location();
    ModelConfig config = model.config();
    if (at.layer() >= config.layers()) {
      throw new ZlensException(
          Kind.DATA,
          sae + " is for layer " + at.layer() + ", but the model has " + config.layers(),
          "layers run from L0 to L" + (config.layers() - 1));
    }
    int width = width(at.site());
    if (sae.width() != width) {
      throw new ZlensException(
          Kind.DATA,
          sae + " reads " + sae.width() + " values, but the site has " + width + " in this model",
          "is it an SAE of another model?");
    }
    switch (sae.basis()) {
      case PROCESSED -> {
        requireFoldedValues(sae);
        requireCenteredStream(sae);
      }
      // Whoever trains on z does it as the paper did; for other sites nobody can tell.
      case UNSTATED -> requireFoldedValues(sae);
      case RAW -> requireRawWeights(sae);
    }
    Sae before = attached.put(at, sae);
    if (before != null && before != sae) {
      before.close();
    }
  }

  private int width(Site site) {
    ModelConfig config = model.config();
    return switch (site) {
      case Q, Z -> config.heads() * config.dHead();
      case K, V -> config.keyValueHeads() * config.dHead();
      case PRE, POST -> config.dMlp();
      case RESID_PRE, RESID_MID, RESID_POST, ATTN_OUT, MLP_OUT, LN1_NORMALIZED, LN2_NORMALIZED ->
          config.dModel();
      default ->
          throw new ZlensException(
              Kind.DATA,
              "an SAE cannot be attached at '" + site.shortName() + "'",
              "SAEs read z, resid_pre and the other vectors of the residual stream or an MLP");
    };
  }

  /** Refuses a model whose z differs by a constant from the z that SAEs are trained on. */
  private void requireFoldedValues(Sae sae) {
    if (sae.location().site() != Site.Z && sae.location().site() != Site.V) {
      return;
    }
    try (Scope scope = Scope.open()) {
      BlockWeights block = model.weights().blocks().get(sae.location().layer());
      Tensor constant =
          block.ln1Bias() == null ? block.bV() : block.bV().add(block.ln1Bias().matmul(block.wV()));
      double shift = constant.abs().max().item();
      if (shift > FOLDED * block.wV().abs().max().item()) {
        throw new ZlensException(
            Kind.DATA,
            sae
                + " expects weights with folded value biases, but this model adds up to "
                + String.format(Locale.ROOT, "%.3g", shift)
                + " to each value",
            "load the model with weight processing (fold_ln and fold_value_biases)");
      }
    }
  }

  /** Refuses a model whose residual stream has a mean that processed weights do not have. */
  private void requireCenteredStream(Sae sae) {
    switch (sae.location().site()) {
      case RESID_PRE, RESID_MID, RESID_POST, ATTN_OUT, MLP_OUT -> {}
      default -> {
        return;
      }
    }
    try (Scope scope = Scope.open()) {
      Tensor embedding = model.weights().wE();
      double mean = embedding.mean(1L).abs().max().item();
      if (mean > CENTERED * embedding.abs().max().item()) {
        throw new ZlensException(
            Kind.DATA,
            sae
                + " expects a residual stream of mean zero, but this model's embeddings have means up"
                + String.format(Locale.ROOT, " to %.3g", mean),
            "load the model with weight processing (center_writing_weights)");
      }
    }
  }

  private void requireRawWeights(Sae sae) {
    if (model.config().norm() == NormKind.LAYER_NORM_PRE) {
      throw new ZlensException(
          Kind.DATA,
          sae + " was trained on weights as stored, but those of this model are processed",
          "load the model without weight processing");
    }
  }

  /** All SAEs, in the order they were attached. */
  public Collection<Sae> all() {
    return List.copyOf(attached.values());
  }

  /** The SAE at a location, if any. */
  public Optional<Sae> find(Location location) {
    return Optional.ofNullable(attached.get(location));
  }

  /** The attention-output SAE of a layer, if any. */
  public Optional<Sae> findAttention(int layer) {
    return find(Location.of(Site.Z, layer));
  }

  /** The residual SAE before a block, if any. */
  public Optional<Sae> findResidual(int layer) {
    return find(Location.of(Site.RESID_PRE, layer));
  }

  /** The attention-output SAE of a layer; an exception of kind NAME says which there are. */
  public Sae attention(int layer) {
    return require(Location.of(Site.Z, layer), "attention-output SAE of layer ");
  }

  /** The residual SAE before a block; an exception of kind NAME says which there are. */
  public Sae residual(int layer) {
    return require(Location.of(Site.RESID_PRE, layer), "residual SAE before block ");
  }

  private Sae require(Location at, String what) {
    return find(at)
        .orElseThrow(
            () ->
                new ZlensException(
                    Kind.NAME,
                    "no " + what + at.layer() + " is attached",
                    "attached: " + summary()));
  }

  /** The sites and layers that have an SAE, for example {@code z of L0, L1; resid_pre of L1}. */
  public String summary() {
    Map<Site, List<Integer>> layers = new TreeMap<>();
    for (Location at : attached.keySet()) {
      layers.computeIfAbsent(at.site(), site -> new ArrayList<>()).add(at.layer());
    }
    if (layers.isEmpty()) {
      return "none";
    }
    return layers.entrySet().stream()
        .map(
            entry ->
                entry.getKey().shortName()
                    + " of "
                    + entry.getValue().stream()
                        .sorted()
                        .map(layer -> "L" + layer)
                        .collect(Collectors.joining(", ")))
        .collect(Collectors.joining("; "));
  }

  @Override
  public void close() {
    attached.values().forEach(Sae::close);
    attached.clear();
  }
}
