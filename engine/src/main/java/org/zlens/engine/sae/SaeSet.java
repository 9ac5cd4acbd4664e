package org.zlens.engine.sae;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.WeightStep;

/**
 * The SAEs of one model: attention-output SAEs ({@code L5.z}) and residual SAEs ({@code
 * L5.resid_pre}) by layer, and any at other sites by location; and the transcoders of its MLPs.
 *
 * <p>An SAE is checked when it is attached: layer, site and width; and it is converted if it was
 * trained on weights that were processed otherwise than those of the model, or refused where that
 * cannot be done. The set owns what is attached.
 */
public final class SaeSet implements AutoCloseable {
  private final Transformer model;
  private final Coordinates coordinates;
  private final Map<Location, Sae> attached = new LinkedHashMap<>();
  private final Map<Integer, Transcoder> transcoders = new TreeMap<>();

  /** No SAEs yet, for a model that the set reads but does not own. */
  public SaeSet(Transformer model) {
    this(model, Coordinates.guess(model));
  }

  /** The same for a model of which the steps are known that its weights went through. */
  public SaeSet(Transformer model, Set<WeightStep> processing) {
    this.model = model;
    this.coordinates = new Coordinates(model, processing);
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
    if (!config.has(at.site())) {
      throw new ZlensException(
          Kind.DATA,
          sae + " reads '" + at.shortName() + "', which this model has not",
          "is it an SAE of another model?");
    }
    int width = width(at.site());
    if (sae.width() != width) {
      throw new ZlensException(
          Kind.DATA,
          sae + " reads " + sae.width() + " values, but the site has " + width + " in this model",
          "is it an SAE of another model?");
    }
    coordinates.convert(sae);
    Sae before = attached.put(at, sae);
    if (before != null && before != sae) {
      before.close();
    }
  }

  /**
   * The width of the vectors at a site of this model.
   *
   * @throws ZlensException of kind DATA for a site that no SAE reads
   */
  public int width(Site site) {
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

  /**
   * Takes over the transcoder of an MLP, replacing and closing one of the same layer.
   *
   * @param basis of which weights of the model it was trained
   * @throws ZlensException of kind DATA if it does not stand for an MLP of this model; it then
   *     stays with the caller
   */
  public void attach(Transcoder transcoder, WeightBasis basis) {
    Location in = transcoder.input();
    int layer = in.layer();
    boolean reads =
        switch (in.site()) {
          case LN2_NORMALIZED, MLP_IN -> model.config().hasMlp();
          default -> model.config().hasMlp() && in.site() == model.config().mlpStream();
        };
    if (!reads || !transcoder.output().equals(Location.of(Site.MLP_OUT, layer))) {
      throw new ZlensException(
          Kind.DATA,
          transcoder + " does not stand for the MLP of a layer",
          "it must read what the MLP reads, normalised or not, and predict mlp_out of that layer");
    }
    if (layer >= model.config().layers()) {
      throw new ZlensException(
          Kind.DATA,
          transcoder + " is for layer " + layer + ", but the model has " + model.config().layers(),
          "layers run from L0 to L" + (model.config().layers() - 1));
    }
    long inputs = transcoder.wEnc().size(0);
    long outputs = transcoder.wDec().size(1);
    int width = model.config().dModel();
    if (inputs != width || outputs != width) {
      throw new ZlensException(
          Kind.DATA,
          transcoder
              + " maps "
              + inputs
              + " values to "
              + outputs
              + ", but the stream of this model has "
              + width,
          "is it a transcoder of another model?");
    }
    coordinates.require(transcoder, basis);
    Transcoder before = transcoders.put(layer, transcoder);
    if (before != null && before != transcoder) {
      before.close();
    }
  }

  /** The transcoder of the MLP of a layer, if any. */
  public Optional<Transcoder> findTranscoder(int layer) {
    return Optional.ofNullable(transcoders.get(layer));
  }

  /** All transcoders, by layer. */
  public Collection<Transcoder> transcoders() {
    return List.copyOf(transcoders.values());
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
    transcoders.values().forEach(Transcoder::close);
    transcoders.clear();
  }
}
