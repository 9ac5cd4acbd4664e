package org.zlens.engine.model;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.zlens.engine.ZlensException;
import org.zlens.engine.io.ElementType;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.SafetensorsWriter;
import org.zlens.engine.runtime.MappedFloats;
import org.zlens.engine.runtime.Pieces;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.runtime.Torch;

/**
 * A part of a model in the cache: a safetensors file whose header says what it is of, with a check
 * sum of each tensor. Its tensors lie so that they can be used where they are mapped.
 *
 * @param path where it is
 * @param key what it is of
 */
record WeightFile(Path path, String key) {
  private static final String KEY = "key";
  private static final String SUMS = "crc32c";

  /** As the native library lays out what it makes itself, so that results are the same. */
  private static final int ALIGNMENT = 64;

  /**
   * The tensors, in the open scope, in memory that the file is mapped to: what is changed there
   * does not reach the file.
   *
   * @param shapes what they must be
   * @return nothing if the file is damaged or of something else
   */
  Optional<Map<String, Tensor>> map(Map<String, long[]> shapes) {
    // Numbers in the file have the order of most machines.
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      return Optional.empty();
    }
    Map<String, Long> offsets = new LinkedHashMap<>();
    String sums;
    long bytes;
    try (Safetensors file = Safetensors.open(path)) {
      for (Map.Entry<String, long[]> wanted : shapes.entrySet()) {
        String stored = stored(wanted.getKey(), wanted.getValue());
        if (!file.names().contains(stored)
            || !file.info(stored).hasShape(wanted.getValue())
            || file.info(stored).type() != ElementType.F32
            || file.offset(stored) % Float.BYTES != 0) {
          return Optional.empty();
        }
        offsets.put(wanted.getKey(), file.offset(stored) / Float.BYTES);
      }
      if (file.names().size() != shapes.size() || !key.equals(file.metadata().get(KEY))) {
        return Optional.empty();
      }
      sums = file.metadata().getOrDefault(SUMS, "");
      bytes = file.bytes();
    } catch (ZlensException e) {
      return Optional.empty();
    }
    return mapped(shapes, offsets, bytes, sums);
  }

  private Optional<Map<String, Tensor>> mapped(
      Map<String, long[]> shapes, Map<String, Long> offsets, long bytes, String sums) {
    try (Scope scope = Scope.open()) {
      Tensor all = MappedFloats.of(path, bytes / Float.BYTES);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      offsets.forEach(
          (name, first) -> {
            long[] shape = shapes.get(name);
            long count = 1;
            for (long size : shape) {
              count *= size;
            }
            tensors.put(name, all.slice(0, first, first + count).reshape(shape));
          });
      if (!sums(tensors).equals(sums)) {
        return Optional.empty();
      }
      if (!Torch.device().isCpu()) {
        tensors.replaceAll((name, tensor) -> tensor.to(Torch.device()));
      }
      tensors.values().forEach(scope::keep);
      return Optional.of(tensors);
    } catch (IllegalArgumentException e) {
      // It became shorter since its header was read, or cannot be mapped.
      return Optional.empty();
    }
  }

  /** Writes the file in one step. */
  void write(Map<String, Tensor> tensors) {
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .alignedTo(ALIGNMENT)
            .metadata(KEY, key)
            .metadata(SUMS, sums(tensors));
    tensors.forEach(
        (name, tensor) ->
            writer.addWindows(
                stored(name, tensor.shape()),
                tensor.shape(),
                (first, count, window) -> Pieces.copy(tensor, first, count, window)));
    writer.writeLoosely(path);
  }

  /** Tensors that end where the next one could not begin come last in the order of names. */
  private static String stored(String name, long[] shape) {
    long bytes = Float.BYTES;
    for (long size : shape) {
      bytes *= size;
    }
    return (bytes % ALIGNMENT == 0 ? "a." : "b.") + name;
  }

  /** The sums of all tensors under their names. */
  private static String sums(Map<String, Tensor> tensors) {
    StringBuilder text = new StringBuilder();
    tensors.forEach(
        (name, tensor) -> {
          CRC32C sum = new CRC32C();
          Pieces.read(tensor, sum::update);
          text.append(name).append('=').append(Long.toHexString(sum.getValue())).append(' ');
        });
    return text.toString().strip();
  }
}
