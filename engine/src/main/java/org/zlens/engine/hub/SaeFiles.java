package org.zlens.engine.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files of a repository that some SAEs are loaded from, in any of the formats that are read.
 *
 * @param paths each the file or folder of one SAE, or a folder of such folders; empty for the whole
 *     repository
 */
public record SaeFiles(List<String> paths) implements Selection {
  /** More in one folder are probably not all wanted. */
  private static final int MOST = 64;

  private static final Set<String> SETTINGS = Set.of("cfg.json", "config.json", "hyperparams.json");

  private static final Set<String> WEIGHTS =
      Set.of(
          "sae_weights.safetensors",
          "sae.safetensors",
          "checkpoints/final.safetensors",
          "params.npz",
          "ae.pt");

  private static final Set<String> BESIDE =
      Set.of("sparsity.safetensors", "activation_scaler.json");

  private static final String TORCH = ".pt";
  private static final String TORCH_SETTINGS = "_cfg.json";

  /** Copies the list. */
  public SaeFiles {
    paths = List.copyOf(paths);
  }

  @Override
  public Choice of(Set<String> names) {
    List<String> files = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    boolean open = false;
    for (String path : paths) {
      List<String> found = new ArrayList<>();
      List<String> saes = at(path, names);
      if (saes.size() > MOST) {
        missing.add(
            "single SAE at '"
                + path
                + "', but "
                + saes.size()
                + ": name one such as "
                + saes.get(0));
      }
      open |= !saes.equals(List.of(path));
      saes.forEach(sae -> found.addAll(files(sae, names)));
      if (found.isEmpty()) {
        missing.add("SAE" + (path.isEmpty() ? "" : " at '" + path + "'"));
      }
      files.addAll(found);
    }
    return new Choice(files, missing, List.of(), open);
  }

  /** The files and folders of single SAEs at a path. */
  public static List<String> at(String path, Set<String> names) {
    if (names.contains(path) || !files(path, names).isEmpty()) {
      return List.of(path);
    }
    String prefix = prefix(path);
    Set<String> found = new TreeSet<>();
    for (String name : names) {
      if (!name.startsWith(prefix)) {
        continue;
      }
      String rest = name.substring(prefix.length());
      int slash = rest.indexOf('/');
      String entry = prefix + (slash < 0 ? rest : rest.substring(0, slash));
      boolean torch = slash < 0 && rest.endsWith(TORCH);
      if (torch || slash > 0 && !files(entry, names).isEmpty()) {
        found.add(entry);
      }
    }
    return List.copyOf(found);
  }

  /** The files of one SAE; none if it is not there. */
  private static List<String> files(String path, Set<String> names) {
    List<String> files = new ArrayList<>();
    if (names.contains(path)) {
      files.add(path);
      String settings =
          path.endsWith(TORCH)
              ? path.substring(0, path.length() - TORCH.length()) + TORCH_SETTINGS
              : path;
      if (!settings.equals(path) && names.contains(settings)) {
        files.add(settings);
      }
      return files;
    }
    String prefix = prefix(path);
    boolean weighs = false;
    for (String name : WEIGHTS) {
      if (names.contains(prefix + name)) {
        weighs = true;
        files.add(prefix + name);
      }
    }
    for (Set<String> more : List.of(SETTINGS, BESIDE)) {
      more.stream().map(name -> prefix + name).filter(names::contains).sorted().forEach(files::add);
    }
    return weighs ? files : List.of();
  }

  private static String prefix(String path) {
    return path.isEmpty() ? "" : path + "/";
  }
}
