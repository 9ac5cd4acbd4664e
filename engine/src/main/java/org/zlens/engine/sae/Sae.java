package org.zlens.engine.sae;

import java.util.Arrays;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * A sparse autoencoder: it writes the vector at a site as a sum of few directions, a bias and an
 * error (paper-spec A.2).
 *
 * <pre>
 * pre = (x - b_dec) W_enc + b_enc      or x W_enc + b_enc where the input is not centred
 * f   = encoder(pre)                   acts, one for each feature
 * x   = f W_dec + b_dec + error
 * </pre>
 *
 * <p>An SAE that normalises its input does all this in units of its own, and its reconstruction is
 * brought back to those of the model ({@link #reader(int, Tensor)} and its kin say how they relate
 * at a vector).
 *
 * <p>Vectors come with any leading axes as {@code [.., d_in]}; those of sites with heads also as
 * {@code [batch, pos, head, d_head]}, which is read head-major. The SAE owns its weights.
 */
public final class Sae implements AutoCloseable {
  private final Location location;
  private final WeightBasis basis;
  private final SaeEncoder encoder;
  private final boolean centersInput;
  private final int width;
  private final int features;
  private final SaeStore weights;
  private InputFrame frame;
  private float[] origin;
  private String conversion = "";

  /**
   * An SAE that takes over the weights, whichever scope they belong to; some kinds of encoder
   * change them in place.
   *
   * @param location the site whose vectors it reads
   * @param basis of which weights of the model those vectors are
   * @param encoder from pre-activations to activations, in the terms of SAELens's files
   * @param normalization what is done to each vector, and undone after decoding
   * @param centersInput whether {@code b_dec} is subtracted before encoding
   * @param wEnc {@code [d_in, d_sae]}
   * @param bEnc {@code [d_sae]}; not used by a gated SAE
   * @param wDec {@code [d_sae, d_in]}
   * @param bDec {@code [d_in]}
   * @throws ZlensException of kind DATA if the shapes do not fit each other
   */
  public Sae(
      Location location,
      WeightBasis basis,
      SaeEncoder encoder,
      InputNormalization normalization,
      boolean centersInput,
      Tensor wEnc,
      Tensor bEnc,
      Tensor wDec,
      Tensor bDec) {
    this(
        location,
        basis,
        encoder,
        centersInput,
        InputFrame.of(normalization),
        SaeParameters.of(encoder, wEnc, bEnc, wDec, bDec));
  }

  private Sae(
      Location location,
      WeightBasis basis,
      SaeEncoder encoder,
      boolean centersInput,
      InputFrame frame,
      SaeParameters weights) {
    this(
        location,
        basis,
        encoder,
        centersInput,
        frame,
        Math.toIntExact(weights.wEnc().size(0)),
        Math.toIntExact(weights.wEnc().size(1)),
        new SaeStore(weights));
    if (weights.bDec().size(0) != width) {
      throw new ZlensException(
          Kind.DATA,
          "b_dec has " + weights.bDec().size(0) + " values where W_enc reads " + width,
          "what writes to another width than it reads is a transcoder");
    }
  }

  /** An SAE for processed weights that reads vectors as they are; otherwise as above. */
  public Sae(
      Location location,
      SaeEncoder encoder,
      boolean centersInput,
      Tensor wEnc,
      Tensor bEnc,
      Tensor wDec,
      Tensor bDec) {
    this(
        location,
        WeightBasis.PROCESSED,
        encoder,
        InputNormalization.NONE,
        centersInput,
        wEnc,
        bEnc,
        wDec,
        bDec);
  }

  Sae(
      Location location,
      WeightBasis basis,
      SaeEncoder encoder,
      boolean centersInput,
      InputFrame frame,
      int width,
      int features,
      SaeStore weights) {
    this.location = location;
    this.basis = basis;
    this.encoder = encoder;
    this.centersInput = centersInput;
    this.frame = frame;
    this.width = width;
    this.features = features;
    this.weights = weights;
  }

  /** The site whose vectors it reads. */
  public Location location() {
    return location;
  }

  /** Of which weights of the model the vectors are that it was trained on. */
  public WeightBasis basis() {
    return basis;
  }

  /** How activations follow from pre-activations, in the terms of its file. */
  public SaeEncoder encoder() {
    return encoder;
  }

  /** What is done to each vector before encoding, and undone after decoding. */
  public InputNormalization normalization() {
    return frame.normalization();
  }

  /** Whether {@code b_dec} is subtracted before encoding. */
  public boolean centersInput() {
    return centersInput;
  }

  /**
   * Whether the weights are in memory; if not, the first use reads them from their file, but for
   * the decoder's directions, which are read as they are needed where the file allows that.
   */
  public boolean isLoaded() {
    return weights.isLoaded();
  }

  /** Size in bytes of its weights that are in memory; of all where none are yet. */
  public long bytes() {
    long directions = features + (isLoaded() ? weights.get().decoder().inMemory() : features);
    return Float.BYTES * (directions * width + width + features);
  }

  /** What was done to it to fit the weights of a model, in words; empty if nothing. */
  public String conversion() {
    return conversion;
  }

  /** Makes it read vectors that are larger by a constant {@code [d_in]}. */
  void shift(float[] by, String what) {
    requirePlain();
    weights.change(parameters -> parameters.shifted(by, centersInput));
    origin = by.clone();
    conversion = what;
  }

  /** Makes it read vectors {@code x gain + bias} where it read x, gain and bias {@code [d_in]}. */
  void stretch(float[] gain, float[] bias, String what) {
    requirePlain();
    weights.change(
        parameters -> parameters.stretched(gain, centersInput).shifted(bias, centersInput));
    origin = bias.clone();
    conversion = what;
  }

  private void requirePlain() {
    if (!frame.isPlain()) {
      throw new IllegalStateException("not for an SAE that normalises its input");
    }
  }

  /** Makes it leave the mean over a vector's components out, and put it back. */
  void takeOutMean(String what) {
    frame = new InputFrame(true, frame.normalization());
    conversion = what;
  }

  /**
   * The vectors that are zero in the coordinates that it was trained in, of the shape of these
   * vectors: zeros, unless it was converted. What zeroing a site means is then the same under
   * either kind of weights.
   */
  public Tensor origin(Tensor x) {
    Tensor zero = flatten(x).mul(0);
    if (origin != null) {
      return zero.add(Tensor.of(origin, width)).reshape(x.shape());
    }
    boolean keepsMean = frame.centers() && frame.normalization() != InputNormalization.LAYER_NORM;
    return (keepsMean ? zero.add(flatten(x).meanKeep(-1)) : zero).reshape(x.shape());
  }

  /** Whether the mean over a vector's components makes no difference to its features. */
  public boolean takesOutMean() {
    return frame.centers();
  }

  /** Width of the vectors, heads times head width where the site has heads. */
  public int width() {
    return width;
  }

  /** Number of features. */
  public int features() {
    return features;
  }

  /**
   * Encoder directions as columns, {@code [d_in, d_sae]}; of a gated SAE those of its magnitudes.
   */
  public Tensor wEnc() {
    return weights.get().wEnc();
  }

  /** Encoder biases, {@code [d_sae]}. */
  public Tensor bEnc() {
    return weights.get().bEnc();
  }

  /** Decoder directions as rows, {@code [d_sae, d_in]}. */
  public Tensor wDec() {
    return weights.get().decoder().all();
  }

  /** Decoder bias, {@code [d_in]}. */
  public Tensor bDec() {
    return weights.get().bDec();
  }

  /** The address of a feature, for example {@code L5.F44256}; {@code R} at the residual stream. */
  public String address(int feature) {
    return "L" + location.layer() + (location.site() == Site.RESID_PRE ? ".R" : ".F") + feature;
  }

  /** Refuses a feature that this SAE lacks, with an exception of kind NAME. */
  public void requireFeature(int feature) {
    if (feature < 0 || feature >= features()) {
      throw new ZlensException(
          Kind.NAME,
          "no feature " + address(feature) + " in " + this + " (it has " + features() + ")",
          "features run from " + address(0) + " to " + address(features() - 1));
    }
  }

  /** Pre-activations {@code [.., d_sae]} of vectors. */
  public Tensor preActivations(Tensor x) {
    return project(framed(x), wEnc(), bEnc());
  }

  /** Activations {@code [.., d_sae]} of vectors. */
  public Tensor encode(Tensor x) {
    return encoder.activate(preActivations(x), weights.get().threshold());
  }

  /**
   * The active features of vectors {@code [.., d_in]} with their activations, a row for each; they
   * are those of {@link #encode(Tensor)} that are above zero.
   */
  public SparseActivations encodeSparse(Tensor x) {
    return SparseActivations.of(this, x);
  }

  /** What each pre-activation must exceed to be one, empty where that is zero for all. */
  float[] thresholds() {
    Tensor threshold = weights.get().threshold();
    return threshold == null ? new float[0] : threshold.floats();
  }

  /**
   * Activations {@code [.., features.length]} of some features alone, which costs as much less as
   * they are fewer, unless the features compete with each other (TopK).
   */
  public Tensor encode(Tensor x, int... features) {
    if (!encoder.independent()) {
      return encode(x).indexSelect(-1, indices(features));
    }
    Tensor threshold = weights.get().threshold();
    return encoder.activate(
        preActivations(x, features),
        threshold == null ? null : threshold.indexSelect(0, indices(features)));
  }

  /** Pre-activations {@code [.., features.length]} of some features alone. */
  public Tensor preActivations(Tensor x, int... features) {
    long[] columns = indices(features);
    return project(framed(x), wEnc().indexSelect(1, columns), bEnc().indexSelect(0, columns));
  }

  private Tensor framed(Tensor x) {
    Tensor flat = flatten(x);
    return frame.isPlain() ? flat : frame.enter(flat).input();
  }

  private Tensor project(Tensor input, Tensor weight, Tensor bias) {
    return Kernels.call("linear", centersInput ? input.sub(bDec()) : input, weight, bias);
  }

  /**
   * Decoded vectors {@code [.., d_in]} of activations {@code [.., d_sae]}, in the SAE's own units:
   * those of the model unless it normalises its input.
   */
  public Tensor decode(Tensor acts) {
    return Kernels.call("linear", acts, wDec(), bDec());
  }

  /** Decoded vectors {@code [.., d_in]} of activations, in the units of the vectors encoded. */
  public Tensor decode(Tensor acts, Tensor at) {
    Tensor decoded = decode(acts);
    if (frame.isPlain()) {
      return decoded;
    }
    InputFrame.Framed in = frame.enter(flatten(at));
    return decoded.mul(in.factor()).add(in.mean());
  }

  /** Reconstructions of vectors, of the vectors' own shape. */
  public Tensor reconstruct(Tensor x) {
    return decode(encode(x), x).reshape(x.shape());
  }

  /** What the reconstructions miss, {@code x - reconstruct(x)}, of the vectors' own shape. */
  public Tensor error(Tensor x) {
    return x.sub(reconstruct(x));
  }

  /** Decoder directions {@code [features.length, d_in]} of some features, in the SAE's units. */
  public Tensor directions(int... features) {
    return weights.get().decoder().rows(indices(features));
  }

  /**
   * What one unit of activation adds to a vector of the model, over the decoder's directions:
   * {@code [.., 1]} at vectors, one for all unless the SAE normalises its input.
   */
  public Tensor scale(Tensor at) {
    Tensor flat = flatten(at);
    return frame.isPlain() ? Tensor.full(1, 1) : frame.enter(flat).factor();
  }

  /**
   * What changes {@code [.., features.length]} of some activations add to vectors {@code [..,
   * d_in]} of the model.
   */
  public Tensor decodeChange(Tensor change, Tensor at, int... features) {
    Tensor added = change.matmul(directions(features));
    return frame.isPlain() ? added : added.mul(scale(at));
  }

  /** What the reconstruction of a vector holds beside its features, {@code [d_in]}. */
  public Tensor bias(Tensor at) {
    if (frame.isPlain()) {
      return bDec();
    }
    InputFrame.Framed in = frame.enter(flatten(at));
    return bDec().mul(in.factor()).add(in.mean());
  }

  /** Encoder direction {@code [d_in]} of a feature, in the SAE's units. */
  public Tensor reader(int feature) {
    requireFeature(feature);
    return wEnc().select(1, feature);
  }

  /**
   * The direction {@code [d_in]} along which a feature reads one vector {@code [d_in]} of the
   * model, the vector's own mean and norm held fixed where the SAE normalises by them: {@code pre =
   * x . reader + constant}.
   */
  public Tensor reader(int feature, Tensor at) {
    return frame.isPlain()
        ? reader(feature)
        : centeredReader(feature).div(frame.enter(flatten(at)).divisor());
  }

  /** The same but for the divisor, {@code [.., 1]} at vectors: {@link #divisor}. */
  public Tensor centeredReader(int feature) {
    Tensor reader = reader(feature);
    return frame.centers() ? Kernels.call("center", reader) : reader;
  }

  /** What vectors are divided by before they are encoded, {@code [.., 1]}; one unless they are. */
  public Tensor divisor(Tensor at) {
    Tensor flat = flatten(at);
    return frame.isPlain() ? Tensor.full(1, 1) : frame.enter(flat).divisor();
  }

  /**
   * What is left of each pre-activation when the input is zero, {@code b_enc - b_dec W_enc}: the
   * constant row of every attribution, {@code [d_sae]} (paper-spec A.4).
   */
  public Tensor constants() {
    return centersInput ? bEnc().sub(bDec().matmul(wEnc())) : bEnc().copy();
  }

  /** The constant of one feature. */
  public double constant(int feature) {
    requireFeature(feature);
    try (Scope scope = Scope.open()) {
      Tensor bias = bEnc().select(0, feature);
      Tensor all = centersInput ? bias.sub(bDec().matmul(wEnc().select(1, feature))) : bias;
      return all.item();
    }
  }

  /**
   * Vectors as {@code [.., d_in]}: head and component axes are joined head-major where they stand
   * apart.
   *
   * @throws ZlensException of kind TYPE if the vectors do not have this SAE's width
   */
  public Tensor flatten(Tensor x) {
    int rank = x.rank();
    boolean heads = location.site().perHead() && rank == 4;
    if (!heads && rank > 0 && x.size(-1) == width()) {
      return x;
    }
    if (rank > 1 && location.site().perHead() && x.size(-1) * x.size(-2) == width()) {
      long[] flat = Arrays.copyOf(x.shape(), rank - 1);
      flat[rank - 2] = width();
      return x.reshape(flat);
    }
    throw new ZlensException(
        Kind.TYPE,
        "vectors of shape "
            + Arrays.toString(x.shape())
            + " do not fit "
            + this
            + ", which reads "
            + width()
            + " values",
        null);
  }

  private long[] indices(int... features) {
    for (int feature : features) {
      requireFeature(feature);
    }
    return Arrays.stream(features).asLongStream().toArray();
  }

  /** What it is, for messages, for example {@code the SAE at L5.z}. */
  @Override
  public String toString() {
    return "the SAE at " + location.shortName();
  }

  @Override
  public void close() {
    weights.close();
  }
}
