package org.zlens.engine.hub;

import java.util.List;
import java.util.Optional;
import org.zlens.engine.hook.Location;

/**
 * SAEs that were published together and have a name among researchers.
 *
 * @param name as SAELens calls it where it knows them
 * @param model the name of the model that they were trained on
 * @param repository where they are; null if they are not on the hub
 * @param elsewhere where they are then, in words; else null
 * @param pages where Neuronpedia has pages of their features, with {@code {layer}} in it; null if
 *     it has none
 * @param namesSites whether their files say which sites they read
 */
public record KnownSaes(
    String name,
    List<String> aliases,
    String model,
    Repository repository,
    String about,
    String elsewhere,
    String pages,
    boolean namesSites,
    List<KnownSae> saes) {
  /** Copies the lists. */
  public KnownSaes {
    aliases = List.copyOf(aliases);
    saes = List.copyOf(saes);
  }

  /** The SAE of a site. */
  public Optional<KnownSae> at(Location site) {
    return saes.stream().filter(sae -> sae.at().equals(site)).findFirst();
  }

  boolean isCalled(String text) {
    return name.equals(text) || aliases.contains(text);
  }
}
