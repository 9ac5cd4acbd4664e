package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.zlens.engine.attribute.Explained.Way;
import org.zlens.engine.data.Alignment;

/**
 * Follows in all prompts what is largest in their mean. What is to be followed below a split is
 * known when all prompts have shown it: trees are made again, each time a step deeper, until none
 * meets a split that was not chosen from.
 */
final class SharedChoice {
  private final LargestParts largest;
  private final Alignment places;
  private final Map<Key, List<PlacedPart>> chosen = new HashMap<>();
  private final Map<Key, Sums> open = new LinkedHashMap<>();

  private record Key(TreeTrail at, Way way) {}

  /** Sums over prompts; means are as large to each other. */
  private static final class Sums {
    private final Map<PlacedPart, Double> rows = new LinkedHashMap<>();
    private double reference;
  }

  SharedChoice(TreeOptions options, Alignment places) {
    this.largest = new LargestParts(options);
    this.places = places;
  }

  /** The choice for one of the prompts. */
  TreeChoice of(int prompt) {
    return (at, way, split, reference) -> {
      Key key = new Key(at.at(position -> places.place(prompt, position)), way);
      List<PlacedPart> known = chosen.get(key);
      Map<PlacedPart, Contribution> rows = new HashMap<>();
      Sums sums = known == null ? open.computeIfAbsent(key, k -> new Sums()) : null;
      for (Contribution row : split.rows()) {
        if (largest.follows(way, row.part())) {
          PlacedPart part = placed(places, prompt, row);
          rows.put(part, row);
          if (sums != null) {
            sums.rows.merge(part, row.contribution(), Double::sum);
          }
        }
      }
      if (sums != null) {
        sums.reference += reference;
        return List.of();
      }
      return known.stream().map(rows::get).filter(Objects::nonNull).toList();
    };
  }

  static PlacedPart placed(Alignment places, int prompt, Contribution row) {
    int place = row.position() < 0 ? -1 : places.place(prompt, row.position());
    return new PlacedPart(row.part(), row.layer(), row.index(), place);
  }

  /** Chooses from all splits that were met since; false if there were none. */
  boolean choose() {
    boolean any = !open.isEmpty();
    open.forEach((key, sums) -> chosen.put(key, largest(key.way, sums)));
    open.clear();
    return any;
  }

  private List<PlacedPart> largest(Way way, Sums sums) {
    List<Map.Entry<PlacedPart, Double>> rows = new ArrayList<>(sums.rows.entrySet());
    rows.sort(
        Comparator.comparingDouble((Map.Entry<PlacedPart, Double> e) -> largest.size(e.getValue()))
            .reversed());
    return rows.stream()
        .limit(largest.options().width())
        .filter(e -> largest.isEnough(way, e.getValue(), e.getValue() / sums.reference))
        .map(Map.Entry::getKey)
        .toList();
  }
}
