package org.zlens.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.zlens.engine.TensorAssert;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.runtime.Interruption;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** A forward pass asks in every layer whether to go on, and its logits may come in pieces. */
class ForwardInterruptionTest {
  @Test
  void everyLayerAsksTwiceAndTheLogitsOnce() {
    AtomicInteger asked = new AtomicInteger();
    try (Scope scope = Scope.open()) {
      Transformer model = model();
      try (Interruption asking = Interruption.asking(asked::incrementAndGet)) {
        model.forward(tokens(2), Hooks.none());
      }
      assertThat(asked).hasValue(2 * model.config().layers() + 1);
      model.forward(tokens(2), Hooks.none());
      assertThat(asked).hasValue(2 * model.config().layers() + 1);
    }
  }

  @Test
  void aNoEndsThePassInTheMiddleAndLeavesTheModelAsItWas() {
    AtomicInteger asked = new AtomicInteger();
    Runnable third =
        () -> {
          if (asked.incrementAndGet() == 3) {
            throw new ZlensException(Kind.INTERRUPTED, "interrupted", null);
          }
        };
    try (Scope scope = Scope.open()) {
      Transformer model = model();
      float[] before = model.forward(tokens(2), Hooks.none()).logits().floats();
      try (Interruption asking = Interruption.asking(third)) {
        assertThatThrownBy(() -> model.forward(tokens(2), Hooks.none()))
            .isInstanceOf(ZlensException.class)
            .hasMessage("interrupted");
      }
      assertThat(asked).hasValue(3);
      assertThat(model.forward(tokens(2), Hooks.none()).logits().floats()).isEqualTo(before);
    }
  }

  @Test
  void whoeverAsksInsideIsFollowedByWhoeverAskedBefore() {
    AtomicInteger outer = new AtomicInteger();
    AtomicInteger inner = new AtomicInteger();
    try (Interruption first = Interruption.asking(outer::incrementAndGet)) {
      try (Interruption second = Interruption.asking(inner::incrementAndGet)) {
        Interruption.poll();
      }
      Interruption.poll();
    }
    Interruption.poll();
    assertThat(outer).hasValue(1);
    assertThat(inner).hasValue(1);
  }

  @Test
  void logitsInPiecesAreTheSameLogits() {
    AtomicInteger asked = new AtomicInteger();
    try (Scope scope = Scope.open();
        Interruption asking = Interruption.asking(asked::incrementAndGet)) {
      Transformer model = model();
      int prompts = 600;
      Tensor many = model.forward(tokens(prompts), Hooks.none()).logits();
      assertThat(asked.get()).isGreaterThan(2 * model.config().layers() + 1);
      Tensor few = model.forward(tokens(4), Hooks.none()).logits();
      assertThat(many.size(0)).isEqualTo(prompts);
      TensorAssert.assertClose(
          "logits", many.slice(0, prompts - 4, prompts).floats(), few.floats(), 1e-5);
    }
  }

  /** A model whose logits of 600 prompts are more than are computed at once. */
  private static Transformer model() {
    ModelConfig config = RandomModel.config(3, 8, 2, 8, 2000);
    return new Transformer(config, RandomModel.weights(config, 1));
  }

  /** The same prompt over and over, of 8 tokens. */
  private static Tensor tokens(int prompts) {
    long[] ids = new long[prompts * 8];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i % 8 * 3;
    }
    return Tensor.of(ids, prompts, 8);
  }
}
