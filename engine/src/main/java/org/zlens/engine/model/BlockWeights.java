package org.zlens.engine.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.zlens.engine.runtime.Tensor;

/**
 * The weights of one block, heads flattened head-major.
 *
 * @param ln1Gain {@code [d_model]}, null where folded; likewise the other gains and norm biases
 * @param wQ {@code [d_model, head * d_head]}; {@code wK} and {@code wV} with key and value heads
 * @param wO {@code [head * d_head, d_model]}
 * @param ln2Gain null in a block without an MLP, like all that belongs to the MLP
 * @param wIn {@code [d_model, d_mlp]}
 * @param wOut {@code [d_mlp, d_model]}
 * @param wGate {@code [d_model, d_mlp]} with {@code bGate}, null unless the MLP is gated
 * @param ln1PostGain {@code [d_model]}, null unless what attention writes is normalised; likewise
 *     {@code ln2PostGain} of the MLP
 */
public record BlockWeights(
    Tensor ln1Gain,
    Tensor ln1Bias,
    Tensor wQ,
    Tensor bQ,
    Tensor wK,
    Tensor bK,
    Tensor wV,
    Tensor bV,
    Tensor wO,
    Tensor bO,
    Tensor ln2Gain,
    Tensor ln2Bias,
    Tensor wIn,
    Tensor bIn,
    Tensor wOut,
    Tensor bOut,
    Tensor wGate,
    Tensor bGate,
    Tensor ln1PostGain,
    Tensor ln2PostGain) {

  /** The weights of a block with a plain MLP and no norms after attention and MLP. */
  public BlockWeights(
      Tensor ln1Gain,
      Tensor ln1Bias,
      Tensor wQ,
      Tensor bQ,
      Tensor wK,
      Tensor bK,
      Tensor wV,
      Tensor bV,
      Tensor wO,
      Tensor bO,
      Tensor ln2Gain,
      Tensor ln2Bias,
      Tensor wIn,
      Tensor bIn,
      Tensor wOut,
      Tensor bOut) {
    this(
        ln1Gain, ln1Bias, wQ, bQ, wK, bK, wV, bV, wO, bO, ln2Gain, ln2Bias, wIn, bIn, wOut, bOut,
        null, null, null, null);
  }

  /** The norm before the attention. */
  public Norm norm1(ModelConfig config) {
    return new Norm(config.norm(), config.normEps(), ln1Gain, ln1Bias);
  }

  /** The norm before the MLP. */
  public Norm norm2(ModelConfig config) {
    return new Norm(config.norm(), config.normEps(), ln2Gain, ln2Bias);
  }

  /** The norm of what the attention writes, whose gain is never folded. */
  public Norm norm1Post(ModelConfig config) {
    return new Norm(NormKind.RMS, config.normEps(), ln1PostGain, null);
  }

  /** The norm of what the MLP writes, whose gain is never folded. */
  public Norm norm2Post(ModelConfig config) {
    return new Norm(NormKind.RMS, config.normEps(), ln2PostGain, null);
  }

  /** The tensors that there are, by their names here. */
  Map<String, Tensor> named() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    all.put("ln1Gain", ln1Gain);
    all.put("ln1Bias", ln1Bias);
    all.put("wQ", wQ);
    all.put("bQ", bQ);
    all.put("wK", wK);
    all.put("bK", bK);
    all.put("wV", wV);
    all.put("bV", bV);
    all.put("wO", wO);
    all.put("bO", bO);
    all.put("ln2Gain", ln2Gain);
    all.put("ln2Bias", ln2Bias);
    all.put("wIn", wIn);
    all.put("bIn", bIn);
    all.put("wOut", wOut);
    all.put("bOut", bOut);
    all.put("wGate", wGate);
    all.put("bGate", bGate);
    all.put("ln1PostGain", ln1PostGain);
    all.put("ln2PostGain", ln2PostGain);
    all.values().removeIf(tensor -> tensor == null);
    return all;
  }

  /** The block of tensors by their names here. */
  static BlockWeights of(Map<String, Tensor> named) {
    return new BlockWeights(
        named.get("ln1Gain"),
        named.get("ln1Bias"),
        named.get("wQ"),
        named.get("bQ"),
        named.get("wK"),
        named.get("bK"),
        named.get("wV"),
        named.get("bV"),
        named.get("wO"),
        named.get("bO"),
        named.get("ln2Gain"),
        named.get("ln2Bias"),
        named.get("wIn"),
        named.get("bIn"),
        named.get("wOut"),
        named.get("bOut"),
        named.get("wGate"),
        named.get("bGate"),
        named.get("ln1PostGain"),
        named.get("ln2PostGain"));
  }
}
