package org.zlens.engine.attribute;

import java.util.Arrays;
import java.util.List;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.MlpKind;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * What a direction of an MLP's output reads in the stream before it, the MLP made linear: each
 * neuron's activation is its pre-activation times a gate, {@code act(x) = g x}, and the gates are
 * held fixed as patterns and norm scales are. A gated MLP has its gates as they stand.
 *
 * <p>A GELU is a product of its input and a gate between 0 and 1 as it stands, so nothing is left
 * over: the parts sum to what the MLP writes, biases being parts of their own. A gradient would
 * leave a constant behind in every neuron that says nothing. It is an approximation all the same:
 * taking a part away would move the gates and the scale too, which {@link #measured} does.
 */
final class MlpLinearization {
  private final CleanRun run;
  private final int layer;
  private final int row;
  private final int position;
  private final float[] direction;

  /**
   * @param direction of the output, {@code [d_model]}
   */
  MlpLinearization(CleanRun run, int layer, int row, int position, float[] direction) {
    this.run = run;
    this.layer = layer;
    this.row = row;
    this.position = position;
    this.direction = direction.clone();
  }

  /**
   * What the direction reads in the stream.
   *
   * @param total what the MLP's output is along the direction, in the pass
   */
  Readout readout(String what, double total, double reference) {
    try (Scope scope = Scope.open()) {
      BlockWeights block = run.block(layer);
      MlpInput input = MlpInput.of(run, layer, row, position);
      Tensor normalized = input.normalized().unsqueeze(0);
      Tensor along = run.mlpAdds(layer, row, position, Tensor.of(direction, direction.length));
      Tensor open = block.wOut().matmul(along).mul(gates(normalized));
      Tensor reader = block.wIn().matmul(open);
      double bias =
          open.mul(block.bIn()).sum().item()
              + input.bias(reader)
              + along.mul(block.bOut()).sum().item();
      Rows constants = new Rows(run, row, reference);
      constants.add(Part.MLP_BIAS, layer, bias);
      return new Readout(
          run,
          what + " through the MLP of L" + layer,
          MlpInput.point(run, layer),
          row,
          position,
          input.inStream(reader).floats(),
          total,
          reference,
          constants.list());
    }
  }

  /** What each neuron multiplies the number by that it reads, {@code [d_mlp]}. */
  private Tensor gates(Tensor normalized) {
    BlockWeights block = run.block(layer);
    if (isGated()) {
      Tensor gate = Kernels.call("linear", normalized, block.wGate(), block.bGate());
      return run.config().activation().apply(gate).reshape(-1);
    }
    Tensor pre = Kernels.call("linear", normalized, block.wIn(), block.bIn());
    return gates(pre, run.config().activation().apply(pre));
  }

  private boolean isGated() {
    return run.config().architecture().mlp() == MlpKind.GATED;
  }

  private static Tensor gates(Tensor pre, Tensor post) {
    float[] inputs = pre.floats();
    float[] outputs = post.floats();
    float[] gates = new float[inputs.length];
    for (int i = 0; i < gates.length; i++) {
      // Where the input is zero so is the output, whatever the gate.
      gates[i] = inputs[i] == 0 ? 0 : outputs[i] / inputs[i];
    }
    return Tensor.of(gates, gates.length);
  }

  /**
   * What the direction loses when a part alone is taken out of the stream before the MLP, whose
   * norm, gates and all are worked out again; of each part.
   *
   * @param parts vectors of the stream, each {@code [d_model]}
   */
  double[] measured(List<float[]> parts) {
    if (parts.isEmpty()) {
      return new double[0];
    }
    try (Scope scope = Scope.open()) {
      Tensor middle = MlpInput.of(run, layer, row, position).middle().unsqueeze(0);
      int width = direction.length;
      float[] joined = new float[parts.size() * width];
      for (int i = 0; i < parts.size(); i++) {
        System.arraycopy(parts.get(i), 0, joined, i * width, width);
      }
      Tensor without = middle.sub(Tensor.of(joined, parts.size(), width));
      float[] all = along(Tensor.cat(List.of(middle, without), 0)).floats();
      return Arrays.stream(toDoubles(all)).skip(1).map(left -> all[0] - left).toArray();
    }
  }

  private Tensor along(Tensor streams) {
    BlockWeights block = run.block(layer);
    Tensor normalized = run.norm2(layer).of(streams);
    Tensor read = Kernels.call("linear", normalized, block.wIn(), block.bIn());
    Tensor post;
    if (isGated()) {
      Tensor gate = Kernels.call("linear", normalized, block.wGate(), block.bGate());
      post = run.config().activation().apply(gate).mul(read);
    } else {
      post = run.config().activation().apply(read);
    }
    Tensor out = Kernels.call("linear", post, block.wOut(), block.bOut());
    if (run.config().architecture().postNorms()) {
      out = block.norm2Post(run.config()).of(out);
    }
    return out.matmul(Tensor.of(direction, direction.length));
  }

  private static double[] toDoubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
