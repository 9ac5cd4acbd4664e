package org.zlens.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.zlens.engine.ZlensException;

/**
 * The header of an npy array: a magic number, a version and a Python dictionary. The dictionary is
 * matched against the one form that NumPy writes and never evaluated.
 */
final class NpyHeader {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LARGEST = 1 << 16;
  private static final Pattern FORM =
      Pattern.compile(
          "\\{'descr': '([^']{1,64})', 'fortran_order': (True|False),"
              + " 'shape': \\(((?:[-0-9L]{1,20}(?:, ?|(?=\\)))){0,64})\\),? ?\\}\\s*");

  private final Path path;
  private final String name;
  private final Block block;
  private final Block values;

  private NpyHeader(Path path, String name, Block block, Block values) {
    this.path = path;
    this.name = name;
    this.block = block;
    this.values = values;
  }

  /**
   * Reads a header.
   *
   * @param block the entry, for the header
   * @param values the same entry for later reads of the values, checked as a whole on the first
   */
  static StoredTensor read(Path path, String name, Block block, Block values) {
    try {
      return new NpyHeader(path, name, block, values).read();
    } catch (IOException e) {
      throw DataFault.in(path, "array " + DataFault.quote(name) + ": " + e.getMessage());
    }
  }

  private StoredTensor read() throws IOException {
    if (block.size() < 12) {
      throw fault("is not an npy array: it has " + block.size() + " bytes");
    }
    ByteBuffer prefix = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    block.read(0, prefix);
    if (!prefix.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
      throw fault("is not an npy array: the magic number is missing");
    }
    int version = prefix.get(6);
    if (version < 1 || version > 3) {
      throw fault("has the unknown npy version " + version);
    }
    int start = version == 1 ? 10 : 12;
    long length = version == 1 ? prefix.getShort(8) & 0xffff : prefix.getInt(8) & 0xffffffffL;
    if (length > LARGEST || length > block.size() - start) {
      throw fault("has a header of " + length + " bytes in " + block.size());
    }
    ByteBuffer header = ByteBuffer.allocate((int) length);
    block.read(start, header);
    String text = new String(header.array(), StandardCharsets.UTF_8);
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw fault("has a header that is not of NumPy's form: " + DataFault.quote(text.strip()));
    }
    return tensor(form, start + length);
  }

  private StoredTensor tensor(Matcher form, long start) {
    String type = form.group(1);
    TensorInfo info;
    long bytes;
    try {
      long[] shape =
          Stream.of(form.group(3).split(","))
              .map(size -> size.replace("L", "").strip())
              .filter(size -> !size.isEmpty())
              .mapToLong(Long::parseLong)
              .toArray();
      info = new TensorInfo(name, elementType(type), shape);
      bytes = Math.multiplyExact(info.count(), info.type().bytes());
    } catch (NumberFormatException e) {
      throw fault("has a shape that is not a list of numbers");
    } catch (ArithmeticException e) {
      throw fault("has an impossible shape (" + e.getMessage() + ")");
    }
    if (bytes != block.size() - start) {
      throw fault(
          "needs "
              + bytes
              + " bytes for its shape "
              + info.shapeText()
              + ", the body has "
              + (block.size() - start));
    }
    ByteOrder order = type.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    long[] strides = form.group(2).equals("True") ? columnMajor(info.shape()) : null;
    return new StoredTensor(info, values, start, order, strides);
  }

  private static long[] columnMajor(long[] shape) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      strides[axis] = step;
      step *= shape[axis];
    }
    return strides;
  }

  private ElementType elementType(String descriptor) {
    if (descriptor.matches("[<>|=]?O.*")) {
      throw fault("is an array of objects, which is a pickle, and those are not read");
    }
    return switch (descriptor.substring(1)) {
      case "f8" -> ElementType.F64;
      case "f4" -> ElementType.F32;
      case "f2" -> ElementType.F16;
      case "i8" -> ElementType.I64;
      case "i4" -> ElementType.I32;
      case "i2" -> ElementType.I16;
      case "i1" -> ElementType.I8;
      case "u8" -> ElementType.U64;
      case "u4" -> ElementType.U32;
      case "u2" -> ElementType.U16;
      case "u1" -> ElementType.U8;
      case "b1" -> ElementType.BOOL;
      default -> throw fault("has the unknown type " + DataFault.quote(descriptor));
    };
  }

  private ZlensException fault(String message) {
    return DataFault.in(path, "array " + DataFault.quote(name) + " " + message);
  }
}
