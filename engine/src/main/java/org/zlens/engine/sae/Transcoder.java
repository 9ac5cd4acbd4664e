package org.zlens.engine.sae;

import java.util.Arrays;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * A transcoder: it predicts the vector at one site from that at another, mostly what an MLP writes
 * from what it reads, as a sum of few directions, a bias and, if it has a skip connection, a linear
 * map of its input.
 *
 * <pre>
 * f = encoder(x W_enc + b_enc)
 * y = f W_dec + b_dec + x W_skip^T
 * </pre>
 *
 * <p>A normalisation of the input is not undone: output and input are of different kinds. The
 * transcoder owns its weights.
 */
public final class Transcoder implements AutoCloseable {
  private final Location input;
  private final Location output;
  private final SaeEncoder encoder;
  private final InputFrame frame;
  private final SaeParameters weights;
  private final Tensor wSkip;

  /**
   * A transcoder that takes over the weights, whichever scope they belong to.
   *
   * @param input the site whose vectors it reads
   * @param output the site whose vectors it predicts
   * @param wEnc {@code [d_in, d_sae]}
   * @param bEnc {@code [d_sae]}
   * @param wDec {@code [d_sae, d_out]}
   * @param bDec {@code [d_out]}
   * @param wSkip {@code [d_out, d_in]}, null without a skip connection
   * @throws ZlensException of kind DATA if the shapes do not fit each other
   */
  public Transcoder(
      Location input,
      Location output,
      SaeEncoder encoder,
      InputNormalization normalization,
      Tensor wEnc,
      Tensor bEnc,
      Tensor wDec,
      Tensor bDec,
      Tensor wSkip) {
    this.input = input;
    this.output = output;
    this.encoder = encoder;
    this.frame = InputFrame.of(normalization);
    this.weights = SaeParameters.of(encoder, wEnc, bEnc, wDec, bDec);
    long[] skip = {weights.bDec().size(0), weights.wEnc().size(0)};
    if (wSkip != null && !Arrays.equals(wSkip.shape(), skip)) {
      weights.close();
      throw new ZlensException(
          Kind.DATA,
          "W_skip has shape "
              + Arrays.toString(wSkip.shape())
              + " where the other weights ask for "
              + Arrays.toString(skip),
          null);
    }
    this.wSkip = wSkip == null ? null : Scope.release(wSkip);
  }

  /** The site whose vectors it reads. */
  public Location input() {
    return input;
  }

  /** The site whose vectors it predicts. */
  public Location output() {
    return output;
  }

  /** How activations follow from pre-activations. */
  public SaeEncoder encoder() {
    return encoder;
  }

  /** Number of features. */
  public int features() {
    return Math.toIntExact(weights.wEnc().size(1));
  }

  /** Size of its weights in memory, in bytes. */
  public long bytes() {
    long numbers = wEnc().elements() + wDec().elements() + features() + bias().elements();
    return Float.BYTES * (numbers + (wSkip == null ? 0 : wSkip.elements()));
  }

  /** Whether it has a skip connection. */
  public boolean skips() {
    return wSkip != null;
  }

  /** Encoder directions as columns, {@code [d_in, d_sae]}. */
  public Tensor wEnc() {
    return weights.wEnc();
  }

  /** Decoder directions as rows, {@code [d_sae, d_out]}. */
  public Tensor wDec() {
    return weights.decoder().all();
  }

  /** The address of a feature, for example {@code L5.T123}. */
  public String address(int feature) {
    return "L" + output.layer() + ".T" + feature;
  }

  /** Refuses a feature that this transcoder lacks, with an exception of kind NAME. */
  public void requireFeature(int feature) {
    if (feature < 0 || feature >= features()) {
      throw new ZlensException(
          Kind.NAME,
          "no feature " + address(feature) + " in " + this + " (it has " + features() + ")",
          "features run from " + address(0) + " to " + address(features() - 1));
    }
  }

  /** Decoder directions {@code [features.length, d_out]} of some features. */
  public Tensor directions(int... features) {
    for (int feature : features) {
      requireFeature(feature);
    }
    return wDec().indexSelect(0, Arrays.stream(features).asLongStream().toArray());
  }

  /** What it predicts without features or skip, {@code [d_out]}. */
  public Tensor bias() {
    return weights.bDec();
  }

  /**
   * The direction {@code [d_in]} along which a feature reads one vector {@code [d_in]}, the
   * vector's own mean and norm held fixed where the transcoder normalises by them: {@code pre = x .
   * reader + constant}.
   */
  public Tensor reader(int feature, Tensor at) {
    requireFeature(feature);
    Tensor reader = wEnc().select(1, feature);
    if (frame.isPlain()) {
      return reader;
    }
    Tensor read = frame.centers() ? Kernels.call("center", reader) : reader;
    return read.div(frame.enter(at).divisor());
  }

  /** What is left of a feature's pre-activation when the input is zero. */
  public double constant(int feature) {
    requireFeature(feature);
    try (Scope scope = Scope.open()) {
      return weights.bEnc().select(0, feature).item();
    }
  }

  /** The direction of the input {@code [d_in]} that the skip makes of one of the output. */
  public Tensor throughSkip(Tensor direction) {
    return wSkip == null ? Tensor.zeros(weights.wEnc().size(0)) : direction.matmul(wSkip);
  }

  /** Pre-activations {@code [.., d_sae]} of vectors {@code [.., d_in]} of the input site. */
  public Tensor preActivations(Tensor x) {
    requireWidth(x);
    Tensor framed = frame.isPlain() ? x : frame.enter(x).input();
    return Kernels.call("linear", framed, weights.wEnc(), weights.bEnc());
  }

  /** Activations {@code [.., d_sae]} of vectors {@code [.., d_in]} of the input site. */
  public Tensor encode(Tensor x) {
    return encoder.activate(preActivations(x), weights.threshold());
  }

  /** What activations {@code [.., d_sae]} alone predict, without the skip: {@code [.., d_out]}. */
  public Tensor decode(Tensor acts) {
    return Kernels.call("linear", acts, wDec(), weights.bDec());
  }

  /** What the skip connection adds for vectors of the input site; zeros if there is none. */
  public Tensor skip(Tensor x) {
    requireWidth(x);
    Tensor map = wSkip == null ? Tensor.zeros(weights.bDec().size(0), x.size(-1)) : wSkip;
    return x.matmul(map.transpose(0, 1));
  }

  /** The predicted vectors {@code [.., d_out]} of the output site. */
  public Tensor predict(Tensor x) {
    Tensor features = decode(encode(x));
    return wSkip == null ? features : features.add(skip(x));
  }

  /** What the prediction misses of the true vectors of the output site. */
  public Tensor error(Tensor x, Tensor y) {
    return y.sub(predict(x));
  }

  private void requireWidth(Tensor x) {
    if (x.rank() == 0 || x.size(-1) != weights.wEnc().size(0)) {
      throw new ZlensException(
          Kind.TYPE,
          "vectors of shape "
              + Arrays.toString(x.shape())
              + " do not fit "
              + this
              + ", which reads "
              + weights.wEnc().size(0)
              + " values",
          null);
    }
  }

  /** What it is, for messages, for example {@code the transcoder from L5.mlp_in to L5.mlp_out}. */
  @Override
  public String toString() {
    return "the transcoder from " + input.shortName() + " to " + output.shortName();
  }

  @Override
  public void close() {
    weights.close();
    if (wSkip != null) {
      wSkip.close();
    }
  }
}
