package org.zlens.engine.intervene;

import java.util.List;
import java.util.stream.Collectors;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Location;

/** Several interventions in one pass, in the order given where they meet. */
public record Together(List<Intervention> parts) implements Intervention {
  /** Refuses nothing at all. */
  public Together {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("no interventions");
    }
  }

  /** Some interventions as one. */
  public static Intervention of(List<? extends Intervention> some) {
    return some.size() == 1 ? some.get(0) : new Together(List.copyOf(some));
  }

  @Override
  public String name() {
    return parts.stream().map(Intervention::name).collect(Collectors.joining("; "));
  }

  @Override
  public List<Touch> touches() {
    return parts.stream().flatMap(part -> part.touches().stream()).toList();
  }

  @Override
  public boolean windowed() {
    return parts.stream().allMatch(Intervention::windowed);
  }

  @Override
  public List<FeatureAt> mustBeActive() {
    return parts.stream().flatMap(part -> part.mustBeActive().stream()).toList();
  }

  @Override
  public List<FeatureAt> idleWithout() {
    return parts.stream().anyMatch(part -> part.idleWithout().isEmpty())
        ? List.of()
        : parts.stream().flatMap(part -> part.idleWithout().stream()).toList();
  }

  @Override
  public List<Location> reads() {
    return parts.stream().flatMap(part -> part.reads().stream()).distinct().toList();
  }

  @Override
  public List<Edit> edits(Activations clean, Batch batch, Edit.Effect owed) {
    return parts.stream().flatMap(part -> part.edits(clean, batch, owed).stream()).toList();
  }
}
