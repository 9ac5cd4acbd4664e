package org.zlens.engine.runtime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Packs TorchScript source into the archive that libtorch loads, so that no Python is needed. */
final class TorchScriptArchive {
  /** Pickle of an instance of {@code __torch__.M} whose only attribute is {@code training}. */
  private static final byte[] INSTANCE =
      concat(
          new byte[] {(byte) 0x80, 2, 'c'},
          "__torch__\nM\n".getBytes(StandardCharsets.US_ASCII),
          new byte[] {')', (byte) 0x81, '}', '(', 'X', 8, 0, 0, 0},
          "training".getBytes(StandardCharsets.US_ASCII),
          new byte[] {(byte) 0x89, 'u', 'b', '.'});

  private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

  private TorchScriptArchive() {}

  static byte[] pack(String source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      put(zip, "kernels/version", "10\n".getBytes(StandardCharsets.US_ASCII));
      put(zip, "kernels/constants.pkl", EMPTY_TUPLE);
      put(zip, "kernels/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      put(zip, "kernels/data.pkl", INSTANCE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setCrc(crc.getValue());
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
