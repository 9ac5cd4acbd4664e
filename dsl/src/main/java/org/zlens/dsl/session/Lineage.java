package org.zlens.dsl.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The earlier statements that a result rests on, in the order they ran. Loops can make any number
 * of them, so only the latest are kept.
 *
 * @param statements how each came to be, without a lineage of its own
 * @param omitted how many more there were before these
 */
public record Lineage(List<Provenance> statements, int omitted) {
  /** Of a result that rests on no other. */
  public static final Lineage NONE = new Lineage(List.of(), 0);

  static final int MOST = 100;

  public Lineage {
    statements = List.copyOf(statements);
  }

  /** The statements that made these results, and those that they rest on. */
  static Lineage of(Collection<Provenance> origins) {
    if (origins.isEmpty()) {
      return NONE;
    }
    Set<Provenance> all = new LinkedHashSet<>();
    int omitted = 0;
    for (Provenance origin : origins) {
      all.addAll(origin.lineage().statements());
      all.add(origin.withLineage(NONE));
      omitted = Math.max(omitted, origin.lineage().omitted());
    }
    List<Provenance> ordered = new ArrayList<>(all);
    ordered.sort(Comparator.comparing(Provenance::at));
    int over = Math.max(0, ordered.size() - MOST);
    return new Lineage(ordered.subList(over, ordered.size()), omitted + over);
  }
}
