package org.zlens.engine.model;

import org.zlens.engine.runtime.Tensor;

/**
 * The weights of one block, heads flattened head-major.
 *
 * @param ln1Gain {@code [d_model]}, null where folded; likewise the other gains and norm biases
 * @param wQ {@code [d_model, head * d_head]}; {@code wK} and {@code wV} with key and value heads
 * @param wO {@code [head * d_head, d_model]}
 * @param wIn {@code [d_model, d_mlp]}
 * @param wOut {@code [d_mlp, d_model]}
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
    Tensor bOut) {}
