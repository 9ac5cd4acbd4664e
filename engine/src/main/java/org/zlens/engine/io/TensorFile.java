package org.zlens.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * An open file of named tensors.
 *
 * <p>Opening reads the index only; the values are read on demand through a window of one megabyte,
 * so that a read costs the memory of its destination and little more. Reads are positioned, so
 * several threads may read from one file. All failures are {@link ZlensException}s of kind DATA
 * that name the file.
 */
public abstract sealed class TensorFile implements AutoCloseable
    permits Safetensors, TorchArchive, Npz {
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final Path path;
  private final FileChannel channel;
  private final Map<String, StoredTensor> tensors;
  private final Map<String, String> metadata;

  TensorFile(
      Path path,
      FileChannel channel,
      Map<String, StoredTensor> tensors,
      Map<String, String> metadata) {
    this.path = path;
    this.channel = channel;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.metadata = Collections.unmodifiableMap(metadata);
  }

  /** Opens a safetensors, torch or npz file; its first bytes decide which it is, not its name. */
  public static TensorFile open(Path path) {
    return switch (FileSignature.of(path)) {
      case SAFETENSORS -> Safetensors.open(path);
      case ZIP_OF_ARRAYS -> Npz.open(path);
      case ZIP, PICKLE -> TorchArchive.open(path);
    };
  }

  /** The same file opened anew, as one of the same kind. */
  public TensorFile reopened() {
    if (this instanceof Safetensors) {
      return Safetensors.open(path);
    }
    return this instanceof Npz ? Npz.open(path) : TorchArchive.open(path);
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** The names of the tensors, in the order of the file. */
  public Set<String> names() {
    return tensors.keySet();
  }

  /** Type and shape of a tensor; an error if there is none of that name. */
  public TensorInfo info(String name) {
    return stored(name).info();
  }

  /** Texts that the file carries beside the tensors; often empty. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * Reads a whole tensor as floats, in row-major order, to the target's position and on; integers
   * and booleans are converted too.
   *
   * @param target a buffer in native byte order, direct or not, with room for all elements
   * @return how many of the floats are NaN or infinite
   */
  public long readFloats(String name, ByteBuffer target) {
    return readFloats(name, 0, info(name).count(), target);
  }

  /**
   * Reads a part of a tensor, for tensors beyond the 2 GB of a buffer.
   *
   * @param first row-major index of the first element wanted
   * @param count how many elements
   * @return how many of the floats are NaN or infinite
   */
  public long readFloats(String name, long first, long count, ByteBuffer target) {
    StoredTensor tensor = stored(name);
    if (target.order() != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException("the target is not in native byte order");
    }
    long all = tensor.info().count();
    if (first < 0 || count < 0 || count > all - first) {
      throw new IllegalArgumentException(
          "elements " + first + " to " + (first + count) + " of " + tensor.info());
    }
    if (count > target.remaining() / Float.BYTES) {
      throw new IllegalArgumentException(
          tensor.info() + " does not fit " + target.remaining() + " bytes");
    }
    try {
      return tensor.readFloats(first, count, target);
    } catch (IOException e) {
      throw unreadable(tensor, e);
    }
  }

  /** Reads a whole tensor as a float array, in row-major order. */
  public float[] floats(String name) {
    TensorInfo info = info(name);
    float[] values = new float[arrayLength(info)];
    int window = Math.min(values.length, 1 << 18);
    ByteBuffer part = ByteBuffer.allocate(window * Float.BYTES).order(ByteOrder.nativeOrder());
    for (int done = 0; done < values.length; ) {
      int count = Math.min(window, values.length - done);
      readFloats(name, done, count, part.clear());
      part.flip().asFloatBuffer().get(values, done, count);
      done += count;
    }
    return values;
  }

  /** Reads a whole integer or boolean tensor, in row-major order. */
  public long[] readLongs(String name) {
    StoredTensor tensor = stored(name);
    if (tensor.info().type().isFloat()) {
      throw fault(
          "tensor '" + name + "' holds " + tensor.info().type() + ", expected whole numbers");
    }
    arrayLength(tensor.info());
    try {
      long[] values = tensor.readLongs();
      if (tensor.info().type() == ElementType.U64) {
        for (long value : values) {
          if (value < 0) {
            throw fault("tensor '" + name + "' holds a number beyond 2^63");
          }
        }
      }
      return values;
    } catch (IOException e) {
      throw unreadable(tensor, e);
    }
  }

  /** Closes the file; tensors read before stay valid. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw DataFault.of(path, e);
    }
  }

  /** An error about this file. */
  ZlensException fault(String message) {
    return DataFault.in(path, message);
  }

  private StoredTensor stored(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw DataFault.in(
          path, "has no tensor " + DataFault.quote(name), "it has " + Names.list(names()));
    }
    return tensor;
  }

  private int arrayLength(TensorInfo info) {
    if (info.count() > LARGEST_ARRAY) {
      throw fault(
          "tensor '" + info.name() + "' " + info.shapeText() + " is too large for an array");
    }
    return (int) info.count();
  }

  private ZlensException unreadable(StoredTensor tensor, IOException cause) {
    return new ZlensException(
        Kind.DATA,
        "'"
            + path
            + "': tensor '"
            + tensor.info().name()
            + "' cannot be read: "
            + cause.getMessage(),
        null,
        cause);
  }
}
