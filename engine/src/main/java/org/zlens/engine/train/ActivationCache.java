package org.zlens.engine.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.io.AtomicFile;
import org.zlens.engine.io.FileHash;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.SafetensorsWriter;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.runtime.Torch;

/**
 * Vectors of forward passes in a folder, so that another training on the same text needs none.
 *
 * <p>Each pass is a file, named after a digest of all that decides its numbers: the model and its
 * weight processing, the sites, the tokens in their rows, libtorch and its threads. So a pass is
 * never taken for another, and what is read has the bits of what would be computed. A file that is
 * cut short or has other values than it was written with is computed and written again; whoever can
 * write a digest that fits can put what he wants into it, so keep the folder as safe as the model.
 *
 * <p>Once the files hold the limit, or cannot be written, further passes are computed and not kept.
 */
public final class ActivationCache {
  private static final String SUFFIX = ".safetensors";

  /** More than the head of a file of ours ever takes. */
  private static final long LARGEST_HEAD = 1 << 16;

  private final Path folder;
  private final long limit;
  private final String model;
  private long bytes;
  private int read;
  private int computed;
  private int damaged;
  private int notKept;
  private String trouble;

  /**
   * A cache in a folder, which is made if it is not there.
   *
   * @param limit most bytes that the files may take together
   */
  public ActivationCache(Path folder, long limit, LanguageModel model) {
    this.folder = folder;
    this.limit = limit;
    this.model = model.sha256() + " " + new TreeSet<>(model.processing());
    AtomicFile.discardLeftovers(folder);
    this.bytes = sizeOf(folder);
  }

  private static long sizeOf(Path folder) {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    long bytes = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        bytes += Files.size(file);
      }
      return bytes;
    } catch (IOException e) {
      throw new ZlensException(
          Kind.DATA, "cannot list the folder '" + folder + "': " + e.getMessage(), null, e);
    }
  }

  /**
   * The vectors {@code [token, width]} of each site on rows of tokens, in the caller's scope.
   *
   * @param sites with the width of their vectors
   * @param forward computes them where the cache has none
   */
  public Map<Location, Tensor> vectors(
      int[][] rows, Map<Location, Integer> sites, Supplier<Map<Location, Tensor>> forward) {
    String key = key(rows, sites);
    Path file = folder.resolve(key + SUFFIX);
    int tokens = Arrays.stream(rows).mapToInt(row -> row.length).sum();
    Optional<Map<Location, Tensor>> kept = Optional.empty();
    if (Files.isRegularFile(file)) {
      kept = read(file, key, sites, tokens);
      read += kept.isPresent() ? 1 : 0;
      damaged += kept.isPresent() ? 0 : 1;
    }
    if (kept.isPresent()) {
      return kept.get();
    }
    Map<Location, Tensor> found = forward.get();
    computed++;
    write(file, key, found);
    return found;
  }

  private String key(int[][] rows, Map<Location, Integer> sites) {
    StringBuilder text = new StringBuilder(model);
    text.append('\n').append(Torch.version()).append(' ').append(Torch.threads());
    text.append(' ').append(System.getProperty("os.arch"));
    // What the processor computes in float32 has had its names before there were others.
    if (!Torch.device().isCpu()) {
      text.append(' ').append(Torch.device()).append(' ').append(Torch.weightType());
    }
    text.append('\n');
    sites.keySet().stream()
        .map(Location::canonical)
        .sorted()
        .forEach(name -> text.append(name).append('\n'));
    for (int[] row : rows) {
      text.append(Arrays.toString(row)).append('\n');
    }
    return FileHash.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** What a file holds, if it is whole and what its name says. */
  private Optional<Map<Location, Tensor>> read(
      Path file, String key, Map<Location, Integer> sites, int tokens) {
    Map<Location, float[]> values = new LinkedHashMap<>();
    try {
      long data = sites.values().stream().mapToLong(w -> 4L * w * tokens).sum();
      if (Files.size(file) > data + LARGEST_HEAD) {
        return Optional.empty();
      }
      try (TensorFile open = Safetensors.open(file)) {
        for (Map.Entry<Location, Integer> site : sites.entrySet()) {
          String name = site.getKey().canonical();
          if (!open.names().contains(name) || !open.info(name).hasShape(tokens, site.getValue())) {
            return Optional.empty();
          }
          values.put(site.getKey(), open.floats(name));
        }
        if (!digest(key, values).equals(open.metadata().get("sha256"))) {
          return Optional.empty();
        }
      }
    } catch (IOException | ZlensException e) {
      return Optional.empty();
    }
    Map<Location, Tensor> vectors = new LinkedHashMap<>();
    values.forEach((at, floats) -> vectors.put(at, Tensor.of(floats, tokens, sites.get(at))));
    return Optional.of(vectors);
  }

  private void write(Path file, String key, Map<Location, Tensor> vectors) {
    long size = vectors.values().stream().mapToLong(v -> 4 * v.elements()).sum() + LARGEST_HEAD;
    if (trouble != null || bytes + size > limit) {
      notKept++;
      return;
    }
    Map<Location, float[]> values = new LinkedHashMap<>();
    vectors.forEach((at, tensor) -> values.put(at, tensor.floats()));
    SafetensorsWriter writer = new SafetensorsWriter().metadata("sha256", digest(key, values));
    values.forEach((at, floats) -> writer.add(at.canonical(), vectors.get(at).shape(), floats));
    try {
      long before = Files.isRegularFile(file) ? Files.size(file) : 0;
      writer.write(file);
      bytes += Files.size(file) - before;
    } catch (IOException | ZlensException e) {
      trouble = e.getMessage();
      notKept++;
    }
  }

  /** Digest of the values under their names, and of the key that they belong to. */
  private static String digest(String key, Map<Location, float[]> values) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(key.getBytes(StandardCharsets.UTF_8));
      List<Location> order =
          values.keySet().stream()
              .sorted((a, b) -> a.canonical().compareTo(b.canonical()))
              .toList();
      ByteBuffer window = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
      for (Location at : order) {
        float[] floats = values.get(at);
        for (int done = 0; done < floats.length; ) {
          int count = Math.min(floats.length - done, window.capacity() / Float.BYTES);
          window.clear().asFloatBuffer().put(floats, done, count);
          digest.update(window.limit(count * Float.BYTES));
          done += count;
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Passes that were read instead of computed. */
  public int read() {
    return read;
  }

  /** Passes that were computed. */
  public int computed() {
    return computed;
  }

  /** Files that were not what they should be; their passes were computed and written again. */
  public int damaged() {
    return damaged;
  }

  /** What it did so far, in a sentence. */
  public String summary() {
    StringBuilder text = new StringBuilder("cache: ");
    text.append(read).append(" forward passes read, ").append(computed).append(" computed");
    if (damaged > 0) {
      text.append(", of which ").append(damaged).append(" replace damaged files");
    }
    if (notKept > 0) {
      text.append(", ").append(notKept).append(" not kept");
      text.append(trouble == null ? " since it is full" : " (" + trouble + ")");
    }
    return text.toString();
  }
}
