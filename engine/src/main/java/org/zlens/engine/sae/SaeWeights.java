package org.zlens.engine.sae;

/**
 * An SAE as its file gives it: {@code pre = (x - b_dec) W_enc + b_enc} (the subtraction if the
 * configuration says so), {@code recon = f W_dec + b_dec}. All arrays are row-major, of finite
 * values, and belong to this record; do not change them.
 *
 * @param config what is known beside the weights
 * @param encoder from pre-activations to activations
 * @param wEnc W_enc [d_in, d_sae]
 * @param wDec W_dec [d_sae, d_in]
 * @param bEnc b_enc [d_sae]; zeros for a gated SAE, which has other biases
 * @param bDec b_dec [d_in]
 * @param logSparsity log10 of each feature's frequency [d_sae], empty if the file has none
 */
public record SaeWeights(
    SaeConfig config,
    SaeEncoder encoder,
    float[] wEnc,
    float[] wDec,
    float[] bEnc,
    float[] bDec,
    float[] logSparsity) {}
