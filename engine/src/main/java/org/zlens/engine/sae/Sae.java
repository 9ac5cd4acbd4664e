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
 * f   = ReLU(pre)                      acts, one for each feature
 * x   = f W_dec + b_dec + error
 * </pre>
 *
 * <p>Vectors come with any leading axes as {@code [.., d_in]}; those of sites with heads also as
 * {@code [batch, pos, head, d_head]}, which is read head-major. The SAE owns its weights.
 */
public final class Sae implements AutoCloseable {
  private final Location location;
  private final WeightBasis basis;
  private final Encoder encoder;
  private final boolean centersInput;
  private final Tensor wEnc;
  private final Tensor bEnc;
  private final Tensor wDec;
  private final Tensor bDec;

  /**
   * An SAE that takes over the weights, whichever scope they belong to.
   *
   * @param location the site whose vectors it reads
   * @param basis of which weights of the model those vectors are
   * @param centersInput whether {@code b_dec} is subtracted before encoding
   * @param wEnc {@code [d_in, d_sae]}
   * @param bEnc {@code [d_sae]}
   * @param wDec {@code [d_sae, d_in]}
   * @param bDec {@code [d_in]}
   * @throws ZlensException of kind DATA if the shapes do not fit each other
   */
  public Sae(
      Location location,
      WeightBasis basis,
      Encoder encoder,
      boolean centersInput,
      Tensor wEnc,
      Tensor bEnc,
      Tensor wDec,
      Tensor bDec) {
    if (wEnc.rank() != 2) {
      throw new ZlensException(
          Kind.DATA, "W_enc must be a matrix, but has shape " + text(wEnc), null);
    }
    long in = wEnc.size(0);
    long features = wEnc.size(1);
    requireShape("b_enc", bEnc, features);
    requireShape("W_dec", wDec, features, in);
    requireShape("b_dec", bDec, in);
    this.location = location;
    this.basis = basis;
    this.encoder = encoder;
    this.centersInput = centersInput;
    this.wEnc = Scope.release(wEnc);
    this.bEnc = Scope.release(bEnc);
    this.wDec = Scope.release(wDec);
    this.bDec = Scope.release(bDec);
  }

  /** An SAE for processed weights, as the paper's and our own are; otherwise as above. */
  public Sae(
      Location location,
      Encoder encoder,
      boolean centersInput,
      Tensor wEnc,
      Tensor bEnc,
      Tensor wDec,
      Tensor bDec) {
    this(location, WeightBasis.PROCESSED, encoder, centersInput, wEnc, bEnc, wDec, bDec);
  }

  private static void requireShape(String name, Tensor tensor, long... shape) {
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw new ZlensException(
          Kind.DATA,
          name + " has shape " + text(tensor) + " where W_enc asks for " + Arrays.toString(shape),
          null);
    }
  }

  private static String text(Tensor tensor) {
    return Arrays.toString(tensor.shape());
  }

  /** The site whose vectors it reads. */
  public Location location() {
    return location;
  }

  /** Of which weights of the model the vectors are that it was trained on. */
  public WeightBasis basis() {
    return basis;
  }

  /** How activations follow from pre-activations. */
  public Encoder encoder() {
    return encoder;
  }

  /** Whether {@code b_dec} is subtracted before encoding. */
  public boolean centersInput() {
    return centersInput;
  }

  /** Width of the vectors, heads times head width where the site has heads. */
  public int width() {
    return Math.toIntExact(wEnc.size(0));
  }

  /** Number of features. */
  public int features() {
    return Math.toIntExact(wEnc.size(1));
  }

  /** Encoder directions as columns, {@code [d_in, d_sae]}. */
  public Tensor wEnc() {
    return wEnc;
  }

  /** Encoder biases, {@code [d_sae]}. */
  public Tensor bEnc() {
    return bEnc;
  }

  /** Decoder directions as rows, {@code [d_sae, d_in]}. */
  public Tensor wDec() {
    return wDec;
  }

  /** Decoder bias, {@code [d_in]}. */
  public Tensor bDec() {
    return bDec;
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
    return project(x, wEnc, bEnc);
  }

  /** Activations {@code [.., d_sae]} of vectors. */
  public Tensor encode(Tensor x) {
    return encoder.activate(preActivations(x));
  }

  /**
   * Activations {@code [.., features.length]} of some features alone, which costs as much less as
   * they are fewer.
   */
  public Tensor encode(Tensor x, int... features) {
    return switch (encoder) {
      case RELU -> encoder.activate(preActivations(x, features));
    };
  }

  /** Pre-activations {@code [.., features.length]} of some features alone. */
  public Tensor preActivations(Tensor x, int... features) {
    long[] columns = indices(features);
    return project(x, wEnc.indexSelect(1, columns), bEnc.indexSelect(0, columns));
  }

  private Tensor project(Tensor x, Tensor weight, Tensor bias) {
    Tensor flat = flatten(x);
    return Kernels.call("linear", centersInput ? flat.sub(bDec) : flat, weight, bias);
  }

  /** Reconstructed vectors {@code [.., d_in]} of activations {@code [.., d_sae]}. */
  public Tensor decode(Tensor acts) {
    return Kernels.call("linear", acts, wDec, bDec);
  }

  /** Reconstructions of vectors, of the vectors' own shape. */
  public Tensor reconstruct(Tensor x) {
    return decode(encode(x)).reshape(x.shape());
  }

  /** What the reconstructions miss, {@code x - reconstruct(x)}, of the vectors' own shape. */
  public Tensor error(Tensor x) {
    return x.sub(reconstruct(x));
  }

  /** Decoder directions {@code [features.length, d_in]} of some features. */
  public Tensor directions(int... features) {
    return wDec.indexSelect(0, indices(features));
  }

  /** Encoder direction {@code [d_in]} of a feature. */
  public Tensor reader(int feature) {
    requireFeature(feature);
    return wEnc.select(1, feature);
  }

  /**
   * What is left of each pre-activation when the input is zero, {@code b_enc - b_dec W_enc}: the
   * constant row of every attribution, {@code [d_sae]} (paper-spec A.4).
   */
  public Tensor constants() {
    return centersInput ? bEnc.sub(bDec.matmul(wEnc)) : bEnc.copy();
  }

  /** The constant of one feature. */
  public double constant(int feature) {
    requireFeature(feature);
    try (Scope scope = Scope.open()) {
      Tensor bias = bEnc.select(0, feature);
      Tensor all = centersInput ? bias.sub(bDec.matmul(wEnc.select(1, feature))) : bias;
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
            + text(x)
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
    wEnc.close();
    bEnc.close();
    wDec.close();
    bDec.close();
  }
}
