package org.zlens.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.FileHash;
import org.zlens.engine.io.FileVersion;
import org.zlens.engine.io.HashMemory;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.io.TensorFile;

/**
 * The files of a folder that hold the weights of a model, of safetensors or of torch: one file, or
 * several with an index that says which tensor is where.
 */
final class WeightFiles {
  private static final String SAFETENSORS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String TORCH = "pytorch_model.bin";
  private static final String TORCH_INDEX = "pytorch_model.bin.index.json";
  private static final String TOY = "final.pth";
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,199}";
  private static final int MOST_SHARDS = 1000;

  private final Path place;
  private final List<Path> files;
  private final Map<String, String> index;
  private final String indexName;

  private WeightFiles(Path place, List<Path> files, Map<String, String> index, String indexName) {
    this.place = place;
    this.files = files;
    this.index = index;
    this.indexName = indexName;
  }

  /** Finds the files of a folder. */
  static WeightFiles in(Path folder) {
    for (String name : new String[] {SAFETENSORS, INDEX, TORCH, TORCH_INDEX}) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        boolean parts = name.equals(INDEX) || name.equals(TORCH_INDEX);
        return parts ? sharded(folder, file) : single(file);
      }
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.getFileName().toString().endsWith(TOY))
          .filter(Files::isRegularFile)
          .sorted()
          .findFirst()
          .map(WeightFiles::single)
          .orElseThrow(() -> missing(folder.resolve(SAFETENSORS)));
    } catch (IOException e) {
      throw missing(folder.resolve(SAFETENSORS));
    }
  }

  private static WeightFiles single(Path file) {
    return new WeightFiles(file, List.of(file), Map.of(), "");
  }

  private static WeightFiles sharded(Path folder, Path file) {
    JsonSettings json = JsonSettings.read(file);
    JsonNode map = json.node("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw json.fault("weight_map", "is no dictionary of tensors and their files");
    }
    Map<String, String> index = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      String shard = entry.getValue().asText();
      // A name with a folder in it could lead anywhere.
      if (!entry.getValue().isTextual() || !shard.matches(NAME)) {
        throw json.fault(
            "weight_map",
            "puts '" + entry.getKey() + "' into '" + shard + "', which is no file name");
      }
      index.put(entry.getKey(), shard);
    }
    Set<String> names = new TreeSet<>(index.values());
    if (names.size() > MOST_SHARDS) {
      throw json.fault("weight_map", "names " + names.size() + " files, at most 1000 are read");
    }
    List<Path> files = new ArrayList<>();
    for (String name : names) {
      Path shard = folder.resolve(name);
      if (!Files.isRegularFile(shard)) {
        throw new ZlensException(
            Kind.DATA,
            "no file '" + shard + "'",
            "'" + file.getFileName() + "' says that there is one");
      }
      files.add(shard);
    }
    return new WeightFiles(folder, files, index, file.getFileName().toString());
  }

  private static ZlensException missing(Path file) {
    return new ZlensException(
        Kind.DATA,
        "no file '" + file + "'",
        "a model's folder has config.json and model.safetensors, or its shards and their index");
  }

  /** Reads the indices of the files: which tensors they have, of what shapes, and where. */
  StoredWeights open() {
    Map<TensorFile, FileVersion> read = new LinkedHashMap<>();
    for (Path file : files) {
      FileVersion version = FileVersion.of(file);
      try (TensorFile open = TensorFile.open(file)) {
        read.put(open, version);
      }
    }
    requireAsIndexed(read.keySet());
    return StoredWeights.of(place, read);
  }

  private void requireAsIndexed(Collection<TensorFile> open) {
    index.forEach(
        (tensor, name) -> {
          for (TensorFile file : open) {
            boolean here = file.path().getFileName().toString().equals(name);
            if (here && !file.names().contains(tensor)) {
              throw new ZlensException(
                  Kind.DATA,
                  "'" + file.path() + "' has no tensor '" + tensor + "'",
                  "'" + indexName + "' says that it is there");
            }
          }
        });
  }

  /** Bytes of all files. */
  long size() {
    return files.stream().mapToLong(file -> FileVersion.of(file).size()).sum();
  }

  /**
   * The hash of the file, or of the hashes of all in the order of their names.
   *
   * @param hashes of files that were hashed before
   */
  String sha256(HashMemory hashes) {
    if (files.size() == 1) {
      return hashes.sha256(files.get(0));
    }
    StringBuilder all = new StringBuilder();
    for (Path file : files) {
      all.append(hashes.sha256(file)).append("  ").append(file.getFileName()).append('\n');
    }
    return FileHash.sha256(all.toString().getBytes(StandardCharsets.UTF_8));
  }
}
