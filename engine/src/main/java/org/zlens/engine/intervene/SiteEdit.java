package org.zlens.engine.intervene;

import java.util.List;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Location;
import org.zlens.engine.runtime.Tensor;

/**
 * The values of a site, or of some heads of it, changed at some places: zeroed, set, scaled, moved,
 * or replaced by means, by values of other prompts, or by clean ones.
 */
public record SiteEdit(Target target, SiteRule rule, Where where) implements Intervention {
  /** A whole site set to zero. */
  public static SiteEdit zero(Location location, Where where) {
    return new SiteEdit(Target.of(location), new SiteRule.Zero(), where);
  }

  @Override
  public String name() {
    return rule.describe(target.name());
  }

  @Override
  public List<Location> reads() {
    return rule.readsClean() ? List.of(target.location()) : List.of();
  }

  @Override
  public List<Touch> touches() {
    return List.of(new Touch(target.location(), where));
  }

  @Override
  public boolean windowed() {
    return rule.byPlace();
  }

  @Override
  public List<Edit> edits(Activations clean, Batch batch, Edit.Effect owed) {
    boolean listed = rule instanceof Replacement || target.isByQuery();
    Cells cells = listed ? where.in(batch).listed(batch) : where.in(batch);
    SitePlaces places = new SitePlaces(target, cells, batch, clean);
    return List.of(
        new Edit(
            target.location(),
            name(),
            rule.owes(owed),
            values -> change(values, places),
            cells.claim(target.location().site())));
  }

  private Tensor change(Tensor values, SitePlaces places) {
    if (places.cells().isNone()) {
      return values;
    }
    Tensor all = target.byPlace(values);
    Tensor before = places.cells().take(all);
    Tensor after = target.only(before, rule.apply(before, places));
    return target.asSite(places.cells().put(all, target.causal(before, after, places)));
  }
}
