package org.zlens.engine.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.zlens.engine.ZlensException;
import org.zlens.engine.io.AtomicFile;
import org.zlens.engine.io.FileHash;
import org.zlens.engine.io.HashMemory;
import org.zlens.engine.runtime.Tensor;

/**
 * Processed weights in a folder, so that the next process maps them instead of making them again.
 *
 * <p>A model has a folder there, named after a digest of all that decides its numbers: the content
 * of its files, its configuration, the steps of processing and {@link WeightProcessing#VERSION}. A
 * part of a model is a file in it; see {@link WeightFile}. A file that is damaged is made again.
 * Whoever can write there can put other numbers into it, so keep the folder as safe as the models.
 *
 * <p>All models together take no more than a limit: those that were used longest ago make room, and
 * a model that would take more than half of it, or of the disk's free space, is not kept.
 */
public final class WeightCache {
  /** Keeps nothing. */
  public static final WeightCache NONE = new WeightCache(null, 0, 0);

  private static final long LIMIT = 16L << 30;
  private static final long SMALLEST = 32L << 20;
  private static final Duration FORGOTTEN = Duration.ofHours(1);
  private static final String FOLDER = "[0-9a-f]{64}";

  private final Path folder;
  private final long limit;
  private final long smallest;

  /**
   * A cache in a folder, which is made when there is something to keep.
   *
   * @param limit most bytes that all models take together
   * @param smallest models of fewer bytes are not worth it
   */
  public WeightCache(Path folder, long limit, long smallest) {
    this.folder = folder;
    this.limit = limit;
    this.smallest = smallest;
  }

  /**
   * The cache of the user: the folder {@code ZLENS_WEIGHT_CACHE}, none if that is set to nothing,
   * else one in the cache folder by the XDG rules.
   *
   * @param environment of the process
   */
  public static WeightCache ofUser(UnaryOperator<String> environment) {
    String chosen = environment.apply("ZLENS_WEIGHT_CACHE");
    if (chosen == null) {
      String root = environment.apply("XDG_CACHE_HOME");
      String home = environment.apply("HOME");
      if (root == null || root.isBlank()) {
        root = home == null || home.isBlank() ? "" : home + "/.cache";
      }
      chosen = root.isEmpty() ? "" : root + "/zlens/weights";
    }
    try {
      return chosen.isBlank() ? NONE : new WeightCache(Path.of(chosen), LIMIT, SMALLEST);
    } catch (InvalidPathException e) {
      return NONE;
    }
  }

  /** The folder; an empty text where nothing is kept. */
  @Override
  public String toString() {
    return folder == null ? "" : folder.toString();
  }

  /** What it remembers of files that were hashed. */
  HashMemory hashes() {
    return folder == null ? HashMemory.NONE : new HashMemory(folder.resolve("hashes"));
  }

  /**
   * The parts of a model, or nothing if they are not to be kept.
   *
   * @param sha256 of the files that its weights are stored in
   * @param config as stored
   */
  Optional<Model> model(
      String sha256, ModelConfig config, Set<WeightStep> steps, WeightShapes shapes) {
    long bytes = shapes.bytes();
    if (folder == null || bytes < smallest || bytes > limit / 2) {
      return Optional.empty();
    }
    String text =
        String.join("\n", WeightProcessing.VERSION, sha256, config.toString())
            + new TreeSet<>(steps);
    String key = FileHash.sha256(text.getBytes(StandardCharsets.UTF_8));
    return Optional.of(new Model(this, key, bytes));
  }

  /**
   * A model in the cache.
   *
   * @param bytes that all its parts take
   */
  record Model(WeightCache cache, String key, long bytes) {
    private Path file(String part) {
      return cache.folder.resolve(key).resolve(part + ".safetensors");
    }

    /**
     * The tensors of a part, in the open scope, if they are there and whole.
     *
     * @param shapes what they must be
     */
    Optional<Map<String, Tensor>> find(String part, Map<String, long[]> shapes) {
      Path file = file(part);
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      Optional<Map<String, Tensor>> found = new WeightFile(file, key + " " + part).map(shapes);
      if (found.isPresent()) {
        cache.use(key);
      }
      return found;
    }

    /** Keeps the tensors of a part, unless there is no room or nothing can be written. */
    void keep(String part, Map<String, Tensor> tensors) {
      try {
        if (cache.hasRoom(this)) {
          new WeightFile(file(part), key + " " + part).write(tensors);
        }
      } catch (IOException | DirectoryIteratorException | ZlensException e) {
        // Then it is made again the next time.
      }
    }
  }

  private void use(String key) {
    try {
      Files.setLastModifiedTime(folder.resolve(key), FileTime.from(Instant.now()));
    } catch (IOException e) {
      // Then it may have to make room sooner than it should.
    }
  }

  /** Whether a model fits, after those that were used longest ago have made room for it. */
  private boolean hasRoom(Model model) throws IOException {
    Path own = folder.resolve(model.key());
    Files.createDirectories(own);
    AtomicFile.discardLeftovers(own, FORGOTTEN);
    long missing = model.bytes() - size(own);
    if (missing > Files.getFileStore(own).getUsableSpace() / 2) {
      return false;
    }
    List<Kept> kept = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path one : all) {
        if (one.getFileName().toString().matches(FOLDER) && !one.equals(own)) {
          kept.add(new Kept(one, Files.getLastModifiedTime(one), size(one)));
        }
      }
    }
    long taken = model.bytes() + kept.stream().mapToLong(Kept::bytes).sum();
    kept.sort(Comparator.comparing(Kept::used));
    for (Kept one : kept) {
      if (taken <= limit) {
        break;
      }
      delete(one.folder());
      taken -= one.bytes();
    }
    return taken <= limit;
  }

  /** Another model in the cache. */
  private record Kept(Path folder, FileTime used, long bytes) {}

  private static long size(Path folder) throws IOException {
    long bytes = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  private static void delete(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }
}
