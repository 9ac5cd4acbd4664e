package org.zlens.engine.runtime;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * An n-dimensional array in native memory, whose lifetime a {@link Scope} rules.
 *
 * <p>Only operations that are safe stand here: none that aborts the process, aliases where a copy
 * was asked for, or cuts the gradient without saying so. Everything else is a kernel ({@link
 * Kernels}). Axes may be negative, counting from the last. Operations broadcast as in PyTorch and
 * never change their operands, but for {@link #write} and the methods ending in {@code InPlace}.
 */
public final class Tensor implements AutoCloseable {
  private final PtNDArray array;
  private final long[] shape;
  private Scope owner;

  private Tensor(PtNDArray array) {
    this.array = array;
    this.shape = array.getShape().getShape();
  }

  /** Takes a native array into the innermost scope; refuses what could never be freed or used. */
  static Tensor adopt(PtNDArray array) {
    try {
      Scope scope = Scope.innermost();
      DType.of(array.getDataType());
      Tensor tensor = new Tensor(array);
      tensor.enter(scope);
      return tensor;
    } catch (RuntimeException e) {
      array.close();
      throw e;
    }
  }

  /** Runs a native operation, whose failure becomes one about the operands. */
  private static Tensor run(String operation, Supplier<PtNDArray> call, Tensor... operands) {
    try {
      return adopt(call.get());
    } catch (EngineException e) {
      throw new IllegalArgumentException(
          operation + " of " + Arrays.toString(operands) + ": " + Torch.reason(e), e);
    }
  }

  // ---- making

  /** A float32 tensor with a copy of the values, row-major. */
  public static Tensor of(float[] values, long... shape) {
    requireCount(values.length, shape);
    return filled(DType.FLOAT32, shape, bytes -> bytes.asFloatBuffer().put(values));
  }

  /** An int64 tensor with a copy of the values, row-major. */
  public static Tensor of(long[] values, long... shape) {
    requireCount(values.length, shape);
    return filled(DType.INT64, shape, bytes -> bytes.asLongBuffer().put(values));
  }

  private static Tensor filled(DType type, long[] shape, Consumer<ByteBuffer> writer) {
    if (Torch.device().isCpu()) {
      Tensor tensor = empty(type, shape);
      writer.accept(tensor.bytes());
      return tensor;
    }
    try (Scope scope = Scope.open()) {
      Tensor here = empty(type, Device.CPU, shape);
      writer.accept(here.bytes());
      return scope.keep(here.to(Torch.device()));
    }
  }

  /** An int64 tensor {@code [rows, length]} of rows of one length, such as token ids. */
  public static Tensor ofRows(int[][] rows) {
    int length = rows.length == 0 ? 0 : rows[0].length;
    long[] values = new long[rows.length * length];
    for (int row = 0; row < rows.length; row++) {
      if (rows[row].length != length) {
        throw new IllegalArgumentException(
            "row " + row + " has " + rows[row].length + " values, not " + length);
      }
      for (int i = 0; i < length; i++) {
        values[row * length + i] = rows[row][i];
      }
    }
    return of(values, rows.length, length);
  }

  /** A float32 tensor of no dimensions. */
  public static Tensor scalar(double value) {
    return of(new float[] {(float) value});
  }

  /** A float32 tensor of zeros. */
  public static Tensor zeros(long... shape) {
    return full(0, shape);
  }

  /** A float32 tensor with the same value everywhere. */
  public static Tensor full(double value, long... shape) {
    return Kernels.call("full", shape, value, Torch.device().toString());
  }

  /** A tensor whose values are not set yet; fill it with {@link #write}. */
  public static Tensor empty(DType type, long... shape) {
    return empty(type, Torch.device(), shape);
  }

  private static Tensor empty(DType type, Device device, long[] shape) {
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("negative size in shape " + Arrays.toString(shape));
      }
    }
    return Kernels.call("empty", shape, type.script(), device.toString());
  }

  /**
   * A float32 tensor of a shape without memory or values: operations on it give tensors of the
   * shapes that they would have.
   */
  public static Tensor shapeOnly(long... shape) {
    return empty(DType.FLOAT32, new Device(Device.Kind.META, 0), shape);
  }

  private static void requireCount(int values, long[] shape) {
    if (count(shape) != values) {
      throw new IllegalArgumentException(
          values + " values do not fill shape " + Arrays.toString(shape));
    }
  }

  private static long count(long[] shape) {
    long count = 1;
    for (long size : shape) {
      count = Math.multiplyExact(count, size);
    }
    return count;
  }

  // ---- looking

  /** Sizes of the axes. */
  public long[] shape() {
    return shape.clone();
  }

  /** Number of axes. */
  public int rank() {
    return shape.length;
  }

  /** Size of one axis. */
  public long size(int axis) {
    return shape[axis < 0 ? axis + shape.length : axis];
  }

  /** Number of elements. */
  public long elements() {
    return count(shape);
  }

  /** Bytes that the elements take. */
  public long byteCount() {
    return elements() * type().bytes();
  }

  /** Element type. */
  public DType type() {
    return DType.of(array().getDataType());
  }

  /** A copy of the values of a float32 tensor, row-major. */
  public float[] floats() {
    requireType(DType.FLOAT32);
    float[] values = new float[length()];
    read(buffer -> buffer.asFloatBuffer().get(values));
    return values;
  }

  /** A copy of the values of a float64 tensor, row-major. */
  public double[] doubles() {
    requireType(DType.FLOAT64);
    double[] values = new double[length()];
    read(buffer -> buffer.asDoubleBuffer().get(values));
    return values;
  }

  /** A copy of the values of an int64 or boolean tensor, row-major. */
  public long[] longs() {
    if (type() == DType.BOOL) {
      return toLongs().longs();
    }
    requireType(DType.INT64);
    long[] values = new long[length()];
    read(buffer -> buffer.asLongBuffer().get(values));
    return values;
  }

  private int length() {
    if (elements() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(this + " has too many elements for an array");
    }
    return (int) elements();
  }

  /** The value of a tensor with one element. */
  public double item() {
    if (elements() != 1) {
      throw new IllegalArgumentException("not one element but " + this);
    }
    return switch (type()) {
      case FLOAT32 -> floats()[0];
      case FLOAT64 -> doubles()[0];
      case INT64, BOOL -> longs()[0];
      case FLOAT16, BFLOAT16 -> toFloats().floats()[0];
    };
  }

  /** Shows the bytes of the values, row-major and in native order, while the reader runs. */
  public void read(Consumer<ByteBuffer> reader) {
    Tensor dense = Kernels.call("contiguous", isElsewhere() ? to(Device.CPU) : this);
    try {
      // Often this is the tensor's own memory, which a reader must not change.
      reader.accept(dense.bytes().asReadOnlyBuffer().order(ByteOrder.nativeOrder()));
    } finally {
      dense.close();
    }
  }

  /**
   * Lets the writer set the bytes of this tensor's own memory, row-major and in native order.
   *
   * @throws IllegalArgumentException if the tensor is larger than 2 GiB or a transposed view
   */
  public void write(Consumer<ByteBuffer> writer) {
    if (Kernels.call("is_contiguous", this).longs()[0] == 0) {
      throw new IllegalArgumentException("cannot write through a view that is not contiguous");
    }
    if (!isElsewhere()) {
      writer.accept(bytes());
      return;
    }
    try (Scope scope = Scope.open()) {
      Tensor here = to(Device.CPU);
      writer.accept(here.bytes());
      Kernels.run("copy_into", List.of(this), here);
    }
  }

  /**
   * The same numbers on a device; the tensor itself, or another of the same memory, if it is there.
   */
  public Tensor to(Device device) {
    return Kernels.call("to_device", this, device.toString());
  }

  /** The name of the device that this is on. */
  public String device() {
    return Kernels.text("device_name", this);
  }

  private boolean isElsewhere() {
    return Torch.hasLeftProcessor() && !device().equals(Device.CPU.toString());
  }

  private ByteBuffer bytes() {
    long bytes = byteCount();
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("tensor of " + bytes + " bytes is too large for a buffer");
    }
    if (bytes == 0) {
      return ByteBuffer.allocateDirect(0);
    }
    return JniUtils.getByteBuffer(array(), true).order(ByteOrder.nativeOrder());
  }

  private void requireType(DType type) {
    if (type() != type) {
      throw new IllegalArgumentException("expected " + type + " but this is " + this);
    }
  }

  // ---- arithmetic

  /** Sum, elementwise. */
  public Tensor add(Tensor other) {
    return run("add", () -> JniUtils.add(array(), other.array()), this, other);
  }

  /** Difference, elementwise. */
  public Tensor sub(Tensor other) {
    return run("sub", () -> JniUtils.sub(array(), other.array()), this, other);
  }

  /** Product, elementwise. */
  public Tensor mul(Tensor other) {
    return run("mul", () -> JniUtils.mul(array(), other.array()), this, other);
  }

  /** Quotient, elementwise. */
  public Tensor div(Tensor other) {
    return run("div", () -> JniUtils.div(array(), other.array()), this, other);
  }

  /** Sum with a number. */
  public Tensor add(double number) {
    return Kernels.call("add_number", this, number);
  }

  /** Product with a number. */
  public Tensor mul(double number) {
    return Kernels.call("mul_number", this, number);
  }

  /** Matrix product over the last two axes, batched over the others; vectors as in PyTorch. */
  public Tensor matmul(Tensor other) {
    return run("matmul", () -> JniUtils.matmul(array(), other.array()), this, other);
  }

  /** Sum of products in Einstein's notation, for example {@code "bshd,hdk->bshk"}. */
  public static Tensor einsum(String equation, Tensor... operands) {
    return Kernels.call("einsum", equation, List.of(operands));
  }

  /** Negative part set to zero. */
  public Tensor relu() {
    return run("relu", () -> JniUtils.relu(array()), this);
  }

  /** Exponential. */
  public Tensor exp() {
    return run("exp", () -> JniUtils.exp(array()), this);
  }

  /** Natural logarithm. */
  public Tensor log() {
    return run("log", () -> JniUtils.log(array()), this);
  }

  /** Square root. */
  public Tensor sqrt() {
    return run("sqrt", () -> JniUtils.sqrt(array()), this);
  }

  /** Absolute value. */
  public Tensor abs() {
    return run("abs", () -> JniUtils.abs(array()), this);
  }

  /** Softmax along an axis. */
  public Tensor softmax(int axis) {
    return Kernels.call("softmax", this, axis);
  }

  /** Logarithm of the softmax along an axis. */
  public Tensor logSoftmax(int axis) {
    return Kernels.call("log_softmax", this, axis);
  }

  // ---- reductions

  /** Sum of all elements, of no dimensions. */
  public Tensor sum() {
    return run("sum", () -> JniUtils.sum(array()), this);
  }

  /** Sum along axes, which vanish. */
  public Tensor sum(long... axes) {
    return Kernels.call("sum_axes", this, axes, false);
  }

  /** Mean of all elements, of no dimensions. */
  public Tensor mean() {
    return run("mean", () -> JniUtils.mean(array()), this);
  }

  /** Mean along axes, which vanish. */
  public Tensor mean(long... axes) {
    return Kernels.call("mean_axes", this, axes, false);
  }

  /** Mean along an axis, which stays with size one. */
  public Tensor meanKeep(int axis) {
    return Kernels.call("mean_axes", this, new long[] {axis}, true);
  }

  /** Euclidean norm along an axis, which vanishes. */
  public Tensor norm(int axis) {
    return Kernels.call("norm_axis", this, axis);
  }

  /** Largest value of all. */
  public Tensor max() {
    return run("max", () -> JniUtils.max(array()), this);
  }

  /** Index (int64) of the largest value along an axis, which vanishes. */
  public Tensor argMax(int axis) {
    return Kernels.call("argmax", this, axis);
  }

  /** The k largest values along an axis in falling order, and their int64 indices. */
  public TopK topK(int k, int axis) {
    Tensor[] both = Kernels.callList("topk", this, k, axis);
    return new TopK(both[0], both[1]);
  }

  /** Values and indices of {@link #topK}. */
  public record TopK(Tensor values, Tensor indices) {}

  // ---- comparing and choosing

  /** Boolean tensor, true where an element is above a number. */
  public Tensor gt(double number) {
    return Kernels.call("gt_number", this, number);
  }

  /** Boolean tensor, true where elements are equal. */
  public Tensor eq(Tensor other) {
    return run("eq", () -> JniUtils.eq(array(), other.array()), this, other);
  }

  /** Elements of {@code yes} where this boolean tensor is true, else of {@code no}. */
  public Tensor where(Tensor yes, Tensor no) {
    return Kernels.call("where", this, yes, no);
  }

  // ---- shapes

  /** The same elements in another shape; one size may be -1. */
  public Tensor reshape(long... sizes) {
    return Kernels.call("reshape", this, sizes);
  }

  /** Two axes exchanged. */
  public Tensor transpose(int first, int second) {
    return run("transpose", () -> JniUtils.transpose(array(), first, second), this);
  }

  /** All axes reordered. */
  public Tensor permute(long... axes) {
    return run("permute", () -> JniUtils.permute(array(), axes), this);
  }

  /** A new axis of size one. */
  public Tensor unsqueeze(int axis) {
    return run("unsqueeze", () -> JniUtils.unsqueeze(array(), axis), this);
  }

  /** An axis of size one removed. */
  public Tensor squeeze(int axis) {
    return run("squeeze", () -> JniUtils.squeeze(array(), axis), this);
  }

  /** Axes of size one repeated without copying; -1 leaves a size as it is. */
  public Tensor expand(long... sizes) {
    return Kernels.call("expand", this, sizes);
  }

  /** The part of an axis from an index to before another. */
  public Tensor slice(int axis, long from, long to) {
    int at = axis < 0 ? axis + shape.length : axis;
    if (from < 0 || to < from || to > shape[at]) {
      throw new IllegalArgumentException(
          "slice " + from + ".." + to + " of axis " + axis + " is outside " + this);
    }
    return run("slice", () -> JniUtils.slice(array(), at, from, to, 1), this);
  }

  /** One index of an axis, which vanishes. */
  public Tensor select(int axis, long index) {
    long at = index < 0 ? index + size(axis) : index;
    if (at < 0 || at >= size(axis)) {
      throw new IllegalArgumentException(
          "index " + index + " of axis " + axis + " is outside " + this);
    }
    return Kernels.call("select", this, axis, at);
  }

  /** Chosen indices of an axis, in the order given; a copy. */
  public Tensor indexSelect(int axis, long... indices) {
    return Kernels.call("index_select", this, axis, of(indices, indices.length));
  }

  /** Elements picked along an axis by an int64 tensor of the result's shape; a copy. */
  public Tensor gather(int axis, Tensor indices) {
    return Kernels.call("gather", this, axis, indices);
  }

  /** Tensors joined along an axis that they have. */
  public static Tensor cat(List<Tensor> tensors, int axis) {
    return Kernels.call("cat", tensors, axis);
  }

  /** Tensors joined along a new axis. */
  public static Tensor stack(List<Tensor> tensors, int axis) {
    return Kernels.call("stack", tensors, axis);
  }

  /** A copy whose memory is its own; gradients flow through it. */
  public Tensor copy() {
    return Kernels.call("copy", this);
  }

  /** A float32 copy of the values of any type. */
  public Tensor toFloats() {
    return Kernels.call("to_float", this);
  }

  /** A float64 copy of the values of any type. */
  public Tensor toDoubles() {
    return Kernels.call("to_double", this);
  }

  /** An int64 copy of the values of any type, rounded towards zero. */
  public Tensor toLongs() {
    return Kernels.call("to_long", this);
  }

  // ---- gradients

  /** A copy that gradients do not pass. */
  public Tensor detach() {
    return Kernels.call("detached", this);
  }

  /** A leaf with the same values, whose gradient can be asked for. */
  public Tensor leaf() {
    Tensor leaf = detach();
    JniUtils.attachGradient(leaf.array(), true);
    return leaf;
  }

  /**
   * Gradients of a scalar in any tensors that it was computed from while {@link GradMode} was on,
   * leaves or not; zeros for those that it does not depend on.
   */
  public Tensor[] gradients(List<Tensor> inputs) {
    return Kernels.callList("gradients", this, inputs, false);
  }

  /** The same, with what was recorded kept for gradients of other scalars from it. */
  public Tensor[] gradientsOfMany(List<Tensor> inputs) {
    return Kernels.callList("gradients", this, inputs, true);
  }

  // ---- lifetime

  PtNDArray array() {
    // Tensors travel between threads, and each thread has its own modes to set.
    Torch.enter();
    if (array.isReleased()) {
      throw new IllegalStateException("tensor " + Arrays.toString(shape) + " was freed already");
    }
    return array;
  }

  void enter(Scope scope) {
    owner = scope;
    scope.register(this);
  }

  void leave() {
    owner = null;
  }

  boolean belongsTo(Scope scope) {
    return owner == scope;
  }

  /** Whether the native memory is gone. */
  public boolean isClosed() {
    return array.isReleased();
  }

  @Override
  public void close() {
    owner = null;
    array.close();
  }

  /** Type and shape, for example {@code FLOAT32[8, 64, 768]}. */
  @Override
  public String toString() {
    return (array.isReleased() ? "freed" : type().toString()) + Arrays.toString(shape);
  }
}
