package org.zlens.engine.plan;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.FeatureAt;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.SaeReading;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.Sae;

/** In which prompts interventions act, as the features that they change are active there or not. */
final class Activity {
  /** Activations that are looked at together. */
  private static final long AT_ONCE = 1 << 22;

  private final List<? extends Intervention> each;
  private final Batch batch;
  private final Map<Group, Set<Integer>> features = new LinkedHashMap<>();
  private final Map<FeatureAt, Seen> seen = new HashMap<>();

  /** Features that are looked for together. */
  private record Group(Sae sae, Where where) {}

  /** Where a feature was found. */
  private static final class Seen {
    private final BitSet prompts = new BitSet();
    private boolean active;
  }

  /** Looks for what the interventions change in prompts. */
  Activity(List<? extends Intervention> each, Batch batch) {
    this.each = each;
    this.batch = batch;
    for (Intervention intervention : each) {
      for (FeatureAt one : intervention.mustBeActive()) {
        features
            .computeIfAbsent(new Group(one.sae(), one.where()), key -> new LinkedHashSet<>())
            .add(one.feature());
      }
    }
  }

  /** Sites that a clean run must keep. */
  Set<Location> sites() {
    Set<Location> sites = new LinkedHashSet<>();
    features.keySet().forEach(group -> sites.add(group.sae.location()));
    return sites;
  }

  /** Looks at a clean run of some of the prompts. */
  void see(Batch some, Activations clean) {
    features.forEach((group, wanted) -> see(group, wanted, some, clean));
  }

  private void see(Group group, Set<Integer> wanted, Batch some, Activations clean) {
    Cells cells = group.where.in(some).listed(some);
    int[] columns = wanted.stream().mapToInt(Integer::intValue).toArray();
    int wide = group.sae.encoder().independent() ? columns.length : group.sae.features();
    int step = (int) Math.max(1, AT_ONCE / wide);
    for (int from = 0; from < cells.size(); from += step) {
      try (Scope scope = Scope.open()) {
        Cells piece = cells.slice(from, Math.min(cells.size(), from + step));
        float[] acts = SaeReading.of(group.sae, clean).activations(piece, columns);
        for (int i = 0; i < acts.length; i++) {
          if (acts[i] != 0) {
            FeatureAt one = new FeatureAt(group.sae, columns[i % columns.length], group.where);
            Seen found = seen.computeIfAbsent(one, key -> new Seen());
            found.prompts.set(some.prompt((int) piece.row()[i / columns.length]));
            found.active |= acts[i] > 0;
          }
        }
      }
    }
  }

  /** Interventions with a feature that is active nowhere although it must be. */
  List<Integer> idle() {
    return IntStream.range(0, each.size())
        .filter(
            number ->
                each.get(number).mustBeActive().stream()
                    .anyMatch(one -> !seen.containsKey(one) || !seen.get(one).active))
        .boxed()
        .toList();
  }

  /** The prompts in which each intervention can change anything, as far as features tell. */
  List<BitSet> acting() {
    List<BitSet> all = new ArrayList<>();
    for (Intervention intervention : each) {
      BitSet acting = new BitSet();
      for (FeatureAt one : intervention.idleWithout()) {
        if (seen.containsKey(one)) {
          acting.or(seen.get(one).prompts);
        }
      }
      if (intervention.idleWithout().isEmpty()) {
        acting.set(0, batch.ofRows());
      }
      all.add(acting);
    }
    return all;
  }
}
