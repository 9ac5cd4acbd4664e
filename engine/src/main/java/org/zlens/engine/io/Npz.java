package org.zlens.engine.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A NumPy npz file: a zip of npy arrays, stored or compressed, in C or Fortran order, of either
 * byte order. Arrays of objects, which are pickles, are refused.
 */
public final class Npz extends TensorFile {
  /** What our own files hold beside their arrays. */
  private static final String PROVENANCE = "provenance.json";

  private static final String SUFFIX = ".npy";

  private Npz(Path path, FileChannel channel, Map<String, StoredTensor> tensors) {
    super(path, channel, tensors, Map.of());
  }

  /** Opens a file and reads the headers of all its arrays. */
  public static Npz open(Path path) {
    FileChannel channel = null;
    boolean opened = false;
    try {
      channel = FileChannel.open(path);
      FileSignature.refuseImpostor(path, channel);
      Npz file = new Npz(path, channel, arrays(path, new ZipArchive(path, channel)));
      opened = true;
      return file;
    } catch (IOException e) {
      throw DataFault.of(path, e);
    } finally {
      if (!opened) {
        Channels.closeQuietly(channel);
      }
    }
  }

  private static Map<String, StoredTensor> arrays(Path path, ZipArchive zip) {
    Map<String, StoredTensor> arrays = new LinkedHashMap<>();
    for (String entry : zip.names()) {
      if (entry.equals(PROVENANCE)) {
        continue;
      }
      if (!entry.endsWith(SUFFIX)) {
        throw DataFault.in(path, "entry " + DataFault.quote(entry) + " is not an npy array");
      }
      String name = entry.substring(0, entry.length() - SUFFIX.length());
      ZipMember member = zip.member(entry);
      arrays.put(name, NpyHeader.read(path, name, zip.unchecked(member), zip.block(member)));
    }
    return arrays;
  }
}
