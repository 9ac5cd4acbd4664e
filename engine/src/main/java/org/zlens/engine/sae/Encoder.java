package org.zlens.engine.sae;

import org.zlens.engine.runtime.Tensor;

/** How the activations of an SAE follow from its pre-activations. */
public enum Encoder {
  /** Negative pre-activations become zero; every feature is on its own. */
  RELU {
    @Override
    Tensor activate(Tensor preActivations) {
      return preActivations.relu();
    }
  };

  /** Activations, of the shape of the pre-activations {@code [.., feature]}. */
  abstract Tensor activate(Tensor preActivations);
}
