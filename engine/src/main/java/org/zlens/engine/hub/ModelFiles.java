package org.zlens.engine.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a repository that a model is loaded from: settings, weights in one of the ways that
 * people keep them, and the tokenizer with its settings if they are there.
 */
public final class ModelFiles implements Selection {
  private static final String CONFIG = "config.json";
  private static final String TOKENIZER = "tokenizer.json";

  /** Ways to keep weights, the best first; those with an index are in parts. */
  private static final List<String> WEIGHTS =
      List.of(
          "model.safetensors",
          "model.safetensors.index.json",
          "pytorch_model.bin",
          "pytorch_model.bin.index.json");

  private static final String INDEX = ".index.json";
  private static final String FINAL = "final.pth";
  private static final Pattern PART = Pattern.compile("(.*)-([0-9]{5})-of-([0-9]{5})\\.\\w+");

  @Override
  public Choice of(Set<String> names) {
    List<String> files = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    List<String> wished = new ArrayList<>();
    (names.contains(CONFIG) ? files : missing).add(CONFIG);
    (names.contains(TOKENIZER) ? files : wished).add(TOKENIZER);
    TokenizerFiles.SETTINGS.stream().filter(names::contains).forEach(files::add);
    weights(names, files, missing);
    return new Choice(files, missing, wished, false);
  }

  private static void weights(Set<String> names, List<String> files, List<String> missing) {
    for (String kind : WEIGHTS) {
      if (names.contains(kind)) {
        files.add(kind);
        if (kind.endsWith(INDEX)) {
          parts(kind, names, files, missing);
        }
        return;
      }
    }
    names.stream()
        .filter(name -> name.endsWith(FINAL) && name.indexOf('/') < 0)
        .sorted()
        .findFirst()
        .ifPresentOrElse(
            files::add, () -> missing.add("weights (" + WEIGHTS.get(0) + " or another kind)"));
  }

  /** The parts that an index leads to: all of them say how many there are. */
  private static void parts(
      String index, Set<String> names, List<String> files, List<String> missing) {
    String stem = index.substring(0, index.indexOf('.'));
    Set<String> parts = new TreeSet<>();
    int count = 0;
    for (String name : names) {
      Matcher part = PART.matcher(name);
      if (part.matches() && part.group(1).equals(stem)) {
        parts.add(name);
        count = Math.max(count, Integer.parseInt(part.group(3)));
      }
    }
    if (parts.isEmpty() || parts.size() != count) {
      missing.add("all parts that " + index + " leads to");
    }
    files.addAll(parts);
  }
}
