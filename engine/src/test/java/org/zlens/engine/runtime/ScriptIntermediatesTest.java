package org.zlens.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.ModuleMethod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Gradients of tensors that one TorchScript call makes, uses and gives back. With libtorch's graph
 * optimiser on they are silently zero or wrong from the second call on; it is off on every thread.
 */
class ScriptIntermediatesTest {
  private static final String SOURCE =
      """
      class M(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def chain(self: __torch__.M, x: Tensor, w: Tensor) -> List[Tensor]:
          pre = torch.matmul(x, w)
          post = torch.gelu(pre, approximate="tanh")
          pattern = torch.softmax(torch.mul(post, 2.), -1)
          mixed = torch.matmul(pattern, w)
          out = torch.add(x, torch.mul(mixed, torch.sigmoid(mixed)))
          return [pre, post, pattern, out]
      """;

  @Test
  void gradientsAreRightCallAfterCallAndOnEveryThread() throws IOException {
    Torch.enter();
    PtSymbolBlock module =
        JniUtils.loadModule(
            Torch.manager(),
            new ByteArrayInputStream(TorchScriptArchive.pack(SOURCE)),
            true,
            false);
    float[][] expected = composed();
    for (int call = 0; call < 4; call++) {
      assertClose(scripted(module), expected);
    }
    for (int call = 0; call < 3; call++) {
      assertClose(OtherThread.call(() -> scripted(module)), expected);
    }
    // A thread of other habits must not spoil what the module has planned for the rest.
    assertClose(scripted(module), expected);
    module.close();
  }

  private static void assertClose(float[][] actual, float[][] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("gradient " + i).containsExactly(expected[i], within(1e-5f));
    }
  }

  private static Tensor x() {
    return Tensor.of(new float[] {0.3f, -1.2f, 0.7f, 2f, -0.4f, 0.9f}, 2, 3).leaf();
  }

  private static Tensor w() {
    return Tensor.of(new float[] {1, -2, 0.5f, 0.25f, 3, -1, 2, 1, -0.5f}, 3, 3);
  }

  private static float[][] scripted(PtSymbolBlock module) {
    try (Scope scope = Scope.open();
        GradMode mode = GradMode.on();
        IValue x = IValue.from(x().array());
        IValue w = IValue.from(w().array());
        IValue result = ModuleMethod.run(module.getHandle(), "chain", x, w)) {
      PtNDArray[] arrays = result.toTensorArray(Torch.manager());
      Tensor pre = Tensor.adopt(arrays[0]);
      Tensor post = Tensor.adopt(arrays[1]);
      Tensor pattern = Tensor.adopt(arrays[2]);
      Tensor out = Tensor.adopt(arrays[3]);
      return gradients(out, List.of(pre, post, pattern));
    }
  }

  /** The same by single operations, which no optimiser can join. */
  private static float[][] composed() {
    try (Scope scope = Scope.open();
        GradMode mode = GradMode.on()) {
      Tensor x = x();
      Tensor w = w();
      Tensor pre = x.matmul(w);
      Tensor post = Kernels.call("gelu_tanh", pre);
      Tensor pattern = post.mul(2).softmax(-1);
      Tensor mixed = pattern.matmul(w);
      Tensor sigmoid = Tensor.scalar(1).div(mixed.mul(-1).exp().add(1));
      Tensor out = x.add(mixed.mul(sigmoid));
      return gradients(out, List.of(pre, post, pattern));
    }
  }

  private static float[][] gradients(Tensor out, List<Tensor> inputs) {
    Tensor[] found = out.mul(out).sum().gradients(inputs);
    float[][] values = new float[found.length][];
    for (int i = 0; i < found.length; i++) {
      values[i] = found[i].floats();
    }
    return values;
  }
}
