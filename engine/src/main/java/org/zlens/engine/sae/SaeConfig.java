package org.zlens.engine.sae;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.zlens.engine.io.FileDigest;

/**
 * What is known of an SAE beside its weights.
 *
 * @param dIn width of the input; for {@code hook_z} heads times head width
 * @param dSae number of features
 * @param hookName the site that it reads, under TransformerLens's name
 * @param layer the number of the block in the hook's name
 * @param subtractDecoderBias whether b_dec is subtracted from the input before encoding
 * @param normalization what is done to the input at run time
 * @param flattenHeads whether the input is {@code [..., head, d_head]}, flattened head-major
 * @param modelName the model as the file names it, or empty
 * @param prependBos whether the training texts began with a BOS token
 * @param contextSize tokens of a training text, 0 if unknown
 * @param basis of which weights of the model the training activations were
 * @param source where it was read from
 */
public record SaeConfig(
    int dIn,
    int dSae,
    String hookName,
    int layer,
    boolean subtractDecoderBias,
    InputNormalization normalization,
    boolean flattenHeads,
    String modelName,
    boolean prependBos,
    int contextSize,
    WeightBasis basis,
    SaeSource source) {
  private static final Pattern LAYER = Pattern.compile("blocks\\.(\\d{1,4})\\..+");

  /** The same with the digest of its file read. */
  SaeConfig withKnownDigest() {
    SaeSource read =
        new SaeSource(
            source.format(), source.path(), FileDigest.known(source.sha256()), source.notes());
    return new SaeConfig(
        dIn,
        dSae,
        hookName,
        layer,
        subtractDecoderBias,
        normalization,
        flattenHeads,
        modelName,
        prependBos,
        contextSize,
        basis,
        read);
  }

  /** The number of the block in a hook's name, or -1 if it names none. */
  public static int layerOf(String hookName) {
    Matcher matcher = LAYER.matcher(hookName);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
  }
}
