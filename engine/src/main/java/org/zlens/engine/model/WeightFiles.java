package org.zlens.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.FileHash;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.Progress;

/**
 * The files of a folder that hold the weights of a model: one file of safetensors, several with an
 * index that says which tensor is where, or one of torch.
 */
final class WeightFiles {
  private static final String SAFETENSORS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String TORCH = "pytorch_model.bin";
  private static final String TOY = "final.pth";
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,199}";
  private static final int MOST_SHARDS = 1000;

  private final Path place;
  private final List<Path> files;
  private final Map<String, String> index;

  private WeightFiles(Path place, List<Path> files, Map<String, String> index) {
    this.place = place;
    this.files = files;
    this.index = index;
  }

  /** Finds the files of a folder. */
  static WeightFiles in(Path folder) {
    for (String name : new String[] {SAFETENSORS, INDEX, TORCH}) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        return name.equals(INDEX) ? sharded(folder, file) : single(file);
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
    return new WeightFiles(file, List.of(file), Map.of());
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
            Kind.DATA, "no file '" + shard + "'", "'" + INDEX + "' says that there is one");
      }
      files.add(shard);
    }
    return new WeightFiles(folder, files, index);
  }

  private static ZlensException missing(Path file) {
    return new ZlensException(
        Kind.DATA,
        "no file '" + file + "'",
        "a model's folder has config.json and model.safetensors, or its shards and their index");
  }

  /** Reads the weights of a family; they belong to the open scope. */
  Weights read(ModelFormat format, ModelConfig config, Progress progress) {
    List<TensorFile> open = new ArrayList<>();
    try {
      for (Path file : files) {
        open.add(TensorFile.open(file));
      }
      requireAsIndexed(open);
      return format.weights(new StoredWeights(place, open, progress), config);
    } finally {
      open.forEach(TensorFile::close);
    }
  }

  private void requireAsIndexed(List<TensorFile> open) {
    index.forEach(
        (tensor, name) -> {
          for (TensorFile file : open) {
            boolean here = file.path().getFileName().toString().equals(name);
            if (here && !file.names().contains(tensor)) {
              throw new ZlensException(
                  Kind.DATA,
                  "'" + file.path() + "' has no tensor '" + tensor + "'",
                  "'" + INDEX + "' says that it is there");
            }
          }
        });
  }

  /** The hash of the file, or of the hashes of all in the order of their names. */
  String sha256() {
    if (files.size() == 1) {
      return FileHash.sha256(files.get(0));
    }
    StringBuilder all = new StringBuilder();
    for (Path file : files) {
      all.append(FileHash.sha256(file)).append("  ").append(file.getFileName()).append('\n');
    }
    return FileHash.sha256(all.toString().getBytes(StandardCharsets.UTF_8));
  }
}
