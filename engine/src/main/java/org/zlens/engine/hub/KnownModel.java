package org.zlens.engine.hub;

import java.util.List;

/**
 * A model that has a name of its own among researchers.
 *
 * @param name as TransformerLens calls it
 * @param aliases other names of it
 * @param repositories where it is, the first being the one to download from and the others what it
 *     was called before, as caches may still call it
 * @param tokenizer the repository of its tokenizer; null where that lies beside the weights
 */
public record KnownModel(
    String name,
    List<String> aliases,
    List<Repository> repositories,
    Repository tokenizer,
    String about) {
  /** Copies the lists. */
  public KnownModel {
    aliases = List.copyOf(aliases);
    repositories = List.copyOf(repositories);
  }

  /** Whether people call it so. */
  boolean isCalled(String text) {
    return name.equals(text)
        || aliases.contains(text)
        || repositories.stream().anyMatch(repository -> repository.name().equals(text));
  }
}
