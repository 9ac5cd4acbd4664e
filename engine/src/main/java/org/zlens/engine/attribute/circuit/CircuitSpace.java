package org.zlens.engine.attribute.circuit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.zlens.engine.data.Alignment;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Absence;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.CircuitAblation;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.sae.Sae;

/**
 * The nodes that circuits are made of: every feature and the error term of some SAEs, at the places
 * of an alignment of the prompts; and what stands for the absence of each.
 *
 * @param saes in the order of the pass, one at a location
 * @param absences one for each
 * @param alignment positions without a number are no nodes: what is there stays as it is
 */
public record CircuitSpace(List<Sae> saes, List<Absence> absences, Alignment alignment) {
  /** Checks that each SAE has its absence and a site of its own. */
  public CircuitSpace {
    saes = List.copyOf(saes);
    absences = List.copyOf(absences);
    if (saes.isEmpty() || saes.size() != absences.size()) {
      throw new IllegalArgumentException(saes.size() + " SAEs, " + absences.size() + " absences");
    }
    if (saes.stream().map(Sae::location).distinct().count() < saes.size()) {
      throw new IllegalArgumentException("two SAEs at one location");
    }
  }

  /**
   * Nodes of some SAEs, whose absence is zero, or the mean over the prompts place by place.
   *
   * @param mean whether it is the mean
   */
  public static CircuitSpace of(
      Transformer model, Collection<Sae> saes, Batch batch, Alignment alignment, boolean mean) {
    List<Sae> sorted = new ArrayList<>(saes);
    sorted.sort(
        Comparator.comparingInt((Sae sae) -> sae.location().layer())
            .thenComparing(sae -> sae.location().site()));
    return new CircuitSpace(
        sorted,
        mean
            ? Absence.means(model, sorted, batch, alignment)
            : Collections.nCopies(sorted.size(), Absence.ZERO),
        alignment);
  }

  /** The sites of the SAEs. */
  List<Location> locations() {
    return saes.stream().map(Sae::location).toList();
  }

  /** Whether some different nodes are all that there are. */
  public boolean isWhole(Collection<CircuitNode> nodes) {
    long each = saes.stream().mapToLong(sae -> sae.features() + 1L).sum();
    return nodes.size() == each * alignment.names().size();
  }

  /** All nodes but some absent: the circuit alone. Not for all nodes there are. */
  public CircuitAblation alone(String name, Collection<CircuitNode> circuit) {
    List<CircuitAblation.Part> parts = new ArrayList<>();
    for (int sae = 0; sae < saes.size(); sae++) {
      int all = saes.get(sae).features() + 1;
      List<BitSet> absent = sets(sae, circuit);
      absent.forEach(bits -> bits.flip(0, all));
      parts.add(part(sae, absent));
    }
    return new CircuitAblation(name, parts);
  }

  /** Some nodes absent: the model without the circuit. */
  public CircuitAblation without(String name, Collection<CircuitNode> circuit) {
    List<CircuitAblation.Part> parts = new ArrayList<>();
    for (int sae = 0; sae < saes.size(); sae++) {
      parts.add(part(sae, sets(sae, circuit)));
    }
    return new CircuitAblation(name, parts);
  }

  private CircuitAblation.Part part(int sae, List<BitSet> absent) {
    return new CircuitAblation.Part(saes.get(sae), absences.get(sae), alignment, absent);
  }

  private List<BitSet> sets(int sae, Collection<CircuitNode> nodes) {
    int features = saes.get(sae).features();
    List<BitSet> sets = new ArrayList<>();
    for (int place = 0; place < alignment.names().size(); place++) {
      sets.add(new BitSet(features + 1));
    }
    for (CircuitNode node : nodes) {
      if (node.sae() == sae) {
        sets.get(node.place()).set(node.isError() ? features : node.feature());
      }
    }
    return sets;
  }
}
