package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.InForce;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.SaeReading;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Norm;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeSet;

/**
 * One clean pass with everything that attributions read: queries, keys and values, scales and the
 * outputs of every component. Nothing is ever run again; patterns are worked out where they are
 * read, so that memory grows with the length of a prompt and not with its square.
 *
 * <p>Under edits in force it is the edited pass that is explained. Attributions hold in it as in
 * any other, but for edits that come between what is written and what is read; these are refused.
 *
 * <p>Its tensors belong to the scope in which it was made; it is of no use after that.
 */
public final class CleanRun {
  /** Positions that are encoded together: the encoder is read once for all of them. */
  static final int AT_ONCE = 32;

  private final Transformer model;
  private final SaeSet saes;
  private final Activations activations;
  private final int[] tokens;
  private final int rows;
  private final int positions;
  private final Map<Place, Encoded> encoded = new HashMap<>();
  private final Map<Place, float[]> flat = new HashMap<>();
  private final StreamParts parts = new StreamParts(this);
  private final PatternRows patterns = new PatternRows(this);

  /** A vector in the run. */
  private record Place(Location location, int row, int position) {}

  private CleanRun(Transformer model, SaeSet saes, Tensor tokens, Activations activations) {
    this.model = model;
    this.saes = saes;
    this.activations = activations;
    this.rows = Math.toIntExact(tokens.size(0));
    this.positions = Math.toIntExact(tokens.size(1));
    long[] ids = tokens.longs();
    this.tokens = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      this.tokens[i] = (int) ids[i];
    }
  }

  /** Runs all of the model, logits included. */
  public static CleanRun of(SaeSet saes, Tensor tokens) {
    return of(saes.model(), saes, tokens);
  }

  /** The same of the SAEs' model under edits in force. */
  public static CleanRun of(Transformer model, SaeSet saes, Tensor tokens) {
    Hooks hooks = hooks(model.config()).capture(patterns(model, model.config().layers()));
    return new CleanRun(model, saes, tokens, model.forward(tokens, hooks));
  }

  /** The hooks of a pass through all of the model. */
  public static Hooks hooks(ModelConfig config) {
    Location[] sites = sites(config, config.layers());
    Hooks hooks = Hooks.none().capture(sites).capture(Location.of(Site.FINAL_SCALE));
    return config.architecture().logitCap() == 0
        ? hooks
        : hooks.capture(Location.of(Site.FINAL_NORMALIZED));
  }

  /** The hooks of a pass up to the attention of a layer. */
  public static Hooks hooksUpTo(ModelConfig config, int layer) {
    return Hooks.none().capture(sites(config, layer + 1)).withoutLogits();
  }

  /** Runs the model up to the attention of a layer, which is all that its features depend on. */
  public static CleanRun upTo(int layer, SaeSet saes, Tensor tokens) {
    return upTo(layer, saes.model(), saes, tokens);
  }

  /** The same of the SAEs' model under edits in force. */
  public static CleanRun upTo(int layer, Transformer model, SaeSet saes, Tensor tokens) {
    int layers = model.config().layers();
    if (layer < 0 || layer >= layers) {
      throw new ZlensException(
          Kind.NAME,
          "no layer " + layer + " in this model",
          "layers run from L0 to L" + (layers - 1));
    }
    Hooks hooks = hooksUpTo(model.config(), layer).capture(patterns(model, layer + 1));
    return new CleanRun(model, saes, tokens, model.forward(tokens, hooks));
  }

  /**
   * Runs the model up to the attention of a layer and keeps what direct attributions of its
   * features over all places read, nothing more: patterns, values and z.
   */
  static CleanRun attentionOf(int layer, Transformer model, SaeSet saes, Tensor tokens) {
    Location[] sites = {
      Location.of(Site.V, layer), Location.of(Site.PATTERN, layer), Location.of(Site.Z, layer)
    };
    Hooks hooks = Hooks.none().capture(sites).withoutLogits();
    return new CleanRun(model, saes, tokens, model.forward(tokens, hooks));
  }

  /**
   * Runs the model up to the attention of a layer and keeps what direct attributions of its
   * features read of a long prompt: queries, keys, values and z, no pattern.
   */
  public static CleanRun mixingOf(int layer, Transformer model, SaeSet saes, Tensor tokens) {
    Location[] sites = {
      Location.of(model.config().querySite(), layer),
      Location.of(model.config().keySite(), layer),
      Location.of(Site.V, layer),
      Location.of(Site.Z, layer)
    };
    Hooks hooks = Hooks.none().capture(sites).withoutLogits();
    return new CleanRun(model, saes, tokens, model.forward(tokens, hooks));
  }

  /**
   * Patterns to keep: those that edits in force may have changed. All others follow from queries
   * and keys, row by row where they are read, so that a run takes memory by the length of its
   * prompts and not by its square.
   */
  private static Location[] patterns(Transformer model, int layers) {
    return model.inForce() == InForce.NOTHING
        ? new Location[0]
        : IntStream.range(0, layers)
            .mapToObj(layer -> Location.of(Site.PATTERN, layer))
            .toArray(Location[]::new);
  }

  private static Location[] sites(ModelConfig config, int layers) {
    List<Location> all = new ArrayList<>();
    all.add(Location.of(Site.EMBED));
    if (config.has(Site.POS_EMBED)) {
      all.add(Location.of(Site.POS_EMBED));
    }
    Site[] inBlock = {
      Site.RESID_PRE,
      Site.LN1_SCALE,
      config.querySite(),
      config.keySite(),
      Site.V,
      Site.Z,
      Site.LN1_POST_SCALE,
      Site.ATTN_OUT,
      Site.LN2_POST_SCALE,
      Site.MLP_OUT,
      // The same tensor as the next block's input, for passes that start beside this one.
      Site.RESID_POST
    };
    for (int layer = 0; layer < layers; layer++) {
      for (Site site : inBlock) {
        if (config.has(site)) {
          all.add(Location.of(site, layer));
        }
      }
    }
    return all.toArray(Location[]::new);
  }

  /** The SAEs that features are read with. */
  public SaeSet saes() {
    return saes;
  }

  /** The model that ran. */
  public Transformer model() {
    return model;
  }

  /** What the pass kept. */
  public Activations activations() {
    return activations;
  }

  /** Id of a token. */
  public int token(int row, int position) {
    return tokens[row * positions + position];
  }

  /** Number of prompts. */
  public int rows() {
    return rows;
  }

  /** Number of positions of each prompt, filling included. */
  public int positions() {
    return positions;
  }

  /** Refuses a prompt or position that did not run, with an exception of kind RUNTIME. */
  void require(int row, int position) {
    if (row < 0 || row >= rows) {
      throw new ZlensException(
          Kind.RUNTIME, "no prompt " + row + ": there are " + rows, "prompts count from 0");
    }
    if (position < 0 || position >= positions) {
      throw new ZlensException(
          Kind.RUNTIME,
          "no position " + position + " in a prompt of " + positions + " tokens",
          "positions count from 0");
    }
  }

  /** Refuses a head that a layer lacks, with an exception of kind NAME. */
  void requireHead(int layer, int head) {
    int heads = config().heads();
    if (head < 0 || head >= heads) {
      throw new ZlensException(
          Kind.NAME, "no head L" + layer + ".H" + head, "heads run from H0 to H" + (heads - 1));
    }
  }

  BlockWeights block(int layer) {
    return model().weights().blocks().get(layer);
  }

  /** The norm before the attention of a layer. */
  Norm norm1(int layer) {
    return block(layer).norm1(config());
  }

  /** The norm before the MLP of a layer. */
  Norm norm2(int layer) {
    return block(layer).norm2(config());
  }

  /** What the unembedding reads for a token; of a model that caps its logits, before the cap. */
  double logit(int row, int position, int token) {
    try (Scope scope = Scope.open()) {
      if (config().architecture().logitCap() == 0) {
        return activations.logits().select(0, row).select(0, position).select(0, token).item();
      }
      Weights weights = model().weights();
      Tensor seen = vector(Location.of(Site.FINAL_NORMALIZED), row, position);
      Tensor read = finalNorm().onward(seen).mul(weights.wU().select(1, token));
      return read.sum().item() + weights.bU().select(0, token).item();
    }
  }

  /** The final norm. */
  Norm finalNorm() {
    return model().weights().finalNorm(config());
  }

  ModelConfig config() {
    return model().config();
  }

  /** The vector at a place, heads joined: {@code [d]}. */
  Tensor vector(Location location, int row, int position) {
    return activations.get(location).select(0, row).select(0, position).reshape(-1);
  }

  /** The vector that an SAE reads at a place, before edits that put the SAE there: {@code [d]}. */
  Tensor read(Sae sae, int row, int position) {
    return SaeReading.of(sae, activations).came().select(0, row).select(0, position).reshape(-1);
  }

  /** Whether an edit in force has set the activation of a feature at a place. */
  boolean isEdited(Sae sae, int feature, int row, int position) {
    return SaeReading.of(sae, activations).isEdited(feature, row, position);
  }

  /**
   * Refuses edits in force which make of z something else than attention mixed, but for those that
   * put an SAE there: it reads z as it came.
   */
  void requireMixed(int layer) {
    for (Edit edit : activations.inForce()) {
      if (edit.location().equals(Location.of(Site.Z, layer))
          && activations.joint(edit.location()).isEmpty()) {
        throw edited(edit, "z is not what attention mixed");
      }
    }
  }

  /** Refuses edits in force that make of a layer's pattern something else than its scores. */
  void requireOwnPattern(int layer) {
    for (Edit edit : activations.inForce()) {
      Site site = edit.location().site();
      if (edit.location().layer() == layer && (site == Site.ATTN_SCORES || site == Site.PATTERN)) {
        throw edited(edit, "the pattern is not that of queries and keys");
      }
    }
  }

  /**
   * Refuses edits in force before a layer, or the logits, that no component's output accounts for.
   */
  void requireWritten(int layer) {
    for (Edit edit : activations.inForce()) {
      int at = edit.location().layer();
      boolean between =
          switch (edit.location().site()) {
            case RESID_PRE, ATTN_IN, V_INPUT, LN1_NORMALIZED -> at <= layer;
            case RESID_MID, RESID_POST, RESULT, LN1_POST_SCALE, LN1_POST_NORMALIZED, ATTN_OUT ->
                at < layer;
            case FINAL_NORMALIZED -> layer == config().layers();
            default -> false;
          };
      if (between) {
        throw edited(edit, "the stream is not what the components wrote");
      }
    }
  }

  /** Refuses edits in force that make of a layer's scores something else than queries on keys. */
  void requireScored(int layer) {
    for (Edit edit : activations.inForce()) {
      boolean scores =
          switch (edit.location().site()) {
            case ATTN_IN,
                Q_INPUT,
                K_INPUT,
                LN1_NORMALIZED,
                Q,
                K,
                ROT_Q,
                ROT_K,
                ATTN_SCORES,
                PATTERN ->
                edit.location().layer() == layer;
            default -> false;
          };
      if (scores) {
        throw edited(edit, "scores are not those of queries and keys of the stream");
      }
    }
  }

  /** Whether edits in force come between the stream after an attention and what its MLP writes. */
  boolean isMlpEdited(int layer) {
    return activations.inForce().stream()
        .map(Edit::location)
        .filter(at -> at.layer() == layer)
        .anyMatch(
            at ->
                switch (at.site()) {
                  case RESID_MID,
                      MLP_IN,
                      LN2_SCALE,
                      LN2_NORMALIZED,
                      PRE,
                      PRE_LINEAR,
                      POST,
                      LN2_POST_SCALE,
                      LN2_POST_NORMALIZED,
                      MLP_OUT ->
                      true;
                  default -> false;
                });
  }

  /** Whether edits in force have changed the values at a site of a layer. */
  boolean isEdited(Site site, int layer) {
    Location at = Location.of(site, layer);
    return activations.inForce().stream().anyMatch(edit -> edit.location().equals(at));
  }

  static ZlensException edited(Edit edit, String why) {
    return new ZlensException(
        Kind.RUNTIME,
        "under '"
            + edit.name()
            + "' at "
            + edit.location().shortName()
            + " "
            + why
            + ", so no attribution through it adds up",
        "ask outside the 'with' block, or for something that does not read this site");
  }

  /** Where a query looks, {@code [head, source]} up to its own position. */
  Tensor pattern(int layer, int row, int destination) {
    return Tensor.of(patterns.of(layer, row, destination), config().heads(), destination + 1L);
  }

  /** The rows of the patterns. */
  PatternRows patternRows() {
    return patterns;
  }

  /** The whole pattern of all prompts, {@code [batch, head, destination, source]}. */
  Tensor patterns(int layer) {
    if (keepsPattern(layer)) {
      return activations.get(Site.PATTERN, layer);
    }
    List<Tensor> all = new ArrayList<>();
    long[] destinations = LongStream.range(0, positions).toArray();
    for (int row = 0; row < rows; row++) {
      long[] prompt = new long[positions];
      Arrays.fill(prompt, row);
      Cells cells = new Cells(prompt, destinations);
      all.add(
          JointContributions.pattern(this, layer, cells, positions).transpose(0, 1).unsqueeze(0));
    }
    return Tensor.cat(all, 0);
  }

  /** Whether the pattern of a layer is one of the values that were kept. */
  boolean keepsPattern(int layer) {
    return activations.locations().contains(Location.of(Site.PATTERN, layer));
  }

  /** The norm scale before the attention of a layer. */
  double scale(int layer, int row, int position) {
    return flat(Location.of(Site.LN1_SCALE, layer), row)[position];
  }

  /** All values of a prompt at a location whose values are few, position by position. */
  float[] flat(Location location, int row) {
    return flat.computeIfAbsent(
        new Place(location, row, -1),
        place -> {
          try (Scope scope = Scope.open()) {
            return activations.get(location).select(0, row).floats();
          }
        });
  }

  /**
   * What becomes of vectors that heads of a layer write before they are added to the stream: as
   * they are, or through a norm whose scale is held fixed. Directions come back the same way.
   *
   * @param vectors {@code [.., d_model]}
   */
  Tensor attentionAdds(int layer, int row, int position, Tensor vectors) {
    return config().architecture().postNorms()
        ? added(
            block(layer).norm1Post(config()), Site.LN1_POST_SCALE, layer, row, position, vectors)
        : vectors;
  }

  /** The same of vectors one after the other. */
  float[] attentionAdds(int layer, int row, int position, float[] vectors) {
    if (!config().architecture().postNorms()) {
      return vectors;
    }
    try (Scope scope = Scope.open()) {
      Tensor rows = Tensor.of(vectors, vectors.length / config().dModel(), config().dModel());
      return attentionAdds(layer, row, position, rows).floats();
    }
  }

  /** The same of what the MLP of a layer writes. */
  Tensor mlpAdds(int layer, int row, int position, Tensor vectors) {
    return config().architecture().postNorms()
        ? added(
            block(layer).norm2Post(config()), Site.LN2_POST_SCALE, layer, row, position, vectors)
        : vectors;
  }

  private Tensor added(Norm norm, Site scale, int layer, int row, int position, Tensor vectors) {
    double sigma = vector(Location.of(scale, layer), row, position).item();
    return norm.linear(vectors).mul(1 / sigma);
  }

  /** The parts of the stream, as vectors. */
  StreamParts parts() {
    return parts;
  }

  /** Activation of one feature at a place; the others are not worked out for it. */
  double activation(Sae sae, int feature, int row, int position) {
    Encoded all = encoded.get(new Place(sae.location(), row, position));
    if (all != null) {
      return all.activation(feature);
    }
    try (Scope scope = Scope.open()) {
      Cells cell = new Cells(new long[] {row}, new long[] {position});
      return SaeReading.of(sae, activations).activations(cell, feature)[0];
    }
  }

  /** Activations of an SAE at a place, encoded once, together with those of the places around. */
  Encoded encoded(Sae sae, int row, int position) {
    Place place = new Place(sae.location(), row, position);
    Encoded found = encoded.get(place);
    if (found == null) {
      encode(sae, row, position - position % AT_ONCE);
      found = encoded.get(place);
    }
    return found;
  }

  private void encode(Sae sae, int row, int first) {
    int count = Math.min(AT_ONCE, positions - first);
    long[] rows = new long[count];
    Arrays.fill(rows, row);
    encode(sae, new Cells(rows, LongStream.range(first, first + count).toArray()));
  }

  /** Encodes the vectors at some listed places, some of them together, and none beside them. */
  void encode(Sae sae, Cells places) {
    for (int first = 0; first < places.size(); first += AT_ONCE) {
      Cells some = places.slice(first, Math.min(first + AT_ONCE, places.size()));
      try (Scope scope = Scope.open()) {
        float[] all = SaeReading.of(sae, activations).activations(some);
        for (int i = 0; i < some.size(); i++) {
          int row = (int) some.row()[i];
          int position = (int) some.position()[i];
          Place place = new Place(sae.location(), row, position);
          encoded.put(place, Encoded.of(all, i, sae.features()));
        }
      }
    }
  }
}
