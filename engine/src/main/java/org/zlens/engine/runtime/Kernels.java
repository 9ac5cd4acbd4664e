package org.zlens.engine.runtime;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.ModuleMethod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The functions of {@code kernels.py}, a TorchScript module that is compiled once a process.
 *
 * <p>An argument is a {@link Tensor}, a list of them, {@code Long}/{@code Integer}, {@code Double},
 * {@code Boolean}, {@code String} or {@code long[]}. Results belong to the innermost open {@link
 * Scope}.
 */
public final class Kernels {
  private static volatile Products products = Products.ONE_DNN;

  private Kernels() {}

  /** Chooses for the calls of all threads from now on which library multiplies. */
  public static void multiplyBy(Products chosen) {
    products = chosen;
  }

  /** Calls a kernel that returns one tensor. */
  public static Tensor call(String kernel, Object... arguments) {
    try (IValue result = run(kernel, arguments)) {
      return Tensor.adopt(result.toTensor(Torch.manager()));
    }
  }

  /** Calls a kernel that returns a list of tensors. */
  public static Tensor[] callList(String kernel, Object... arguments) {
    try (IValue result = run(kernel, arguments)) {
      PtNDArray[] arrays = result.toTensorArray(Torch.manager());
      Tensor[] tensors = new Tensor[arrays.length];
      for (int i = 0; i < arrays.length; i++) {
        tensors[i] = Tensor.adopt(arrays[i]);
      }
      return tensors;
    }
  }

  /** Calls a kernel that returns a text. */
  static String text(String kernel, Object... arguments) {
    try (IValue result = run(kernel, arguments)) {
      return result.toStringValue();
    }
  }

  /** Calls a kernel for its effect alone. */
  public static void run(String kernel, List<Tensor> inPlace, Object... arguments) {
    Object[] all = new Object[arguments.length + 1];
    all[0] = inPlace;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    run(kernel, all).close();
  }

  private static IValue run(String kernel, Object... arguments) {
    Torch.enter();
    Scope.innermost();
    IValue[] values = new IValue[arguments.length];
    try {
      for (int i = 0; i < arguments.length; i++) {
        values[i] = value(arguments[i]);
      }
      return ModuleMethod.run(module().getHandle(), kernel, values);
    } catch (EngineException e) {
      throw new IllegalArgumentException("kernel '" + kernel + "': " + Torch.reason(e), e);
    } finally {
      for (IValue value : values) {
        if (value != null) {
          value.close();
        }
      }
    }
  }

  private static IValue value(Object argument) {
    if (argument instanceof Tensor tensor) {
      return IValue.from(tensor.array());
    }
    if (argument instanceof Integer number) {
      return IValue.from(number.longValue());
    }
    if (argument instanceof Long number) {
      return IValue.from(number);
    }
    if (argument instanceof Double number) {
      return IValue.from(number);
    }
    if (argument instanceof Boolean flag) {
      return IValue.from(flag);
    }
    if (argument instanceof String text) {
      return IValue.from(text);
    }
    if (argument instanceof long[] numbers) {
      return IValue.listFrom(numbers);
    }
    if (argument instanceof List<?> tensors) {
      return IValue.listFrom(
          tensors.stream().map(t -> ((Tensor) t).array()).toArray(PtNDArray[]::new));
    }
    throw new IllegalArgumentException("no kernel argument of type " + argument.getClass());
  }

  private static final class Holder {
    static final PtSymbolBlock MODULE = load();

    private static PtSymbolBlock load() {
      try {
        return compiled(Products.ONE_DNN);
      } catch (EngineException e) {
        // Not every build of libtorch has it: that for Apple's processors has not.
        return BlasHolder.MODULE;
      }
    }
  }

  private static final class BlasHolder {
    static final PtSymbolBlock MODULE = compiled(Products.BLAS);
  }

  private static PtSymbolBlock module() {
    return products == Products.BLAS ? BlasHolder.MODULE : Holder.MODULE;
  }

  private static PtSymbolBlock compiled(Products products) {
    try {
      byte[] archive = TorchScriptArchive.pack(source("kernels.py") + source(products.source()));
      return JniUtils.loadModule(Torch.manager(), new ByteArrayInputStream(archive), true, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String source(String name) throws IOException {
    try (InputStream in = Kernels.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
