package org.zlens.engine.intervene;

import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * What becomes of the error term of a splice at some places.
 *
 * @param rule gives the new error term, {@code [cell, ..]} as the site has it; one that takes it
 *     from another pass holds the error terms of that pass
 */
public record ErrorChange(SiteRule rule, Where where) {
  /** Refuses a rule that would have to see the clean pass. */
  public ErrorChange {
    if (rule.readsClean()) {
      throw new IllegalArgumentException("the error terms of the clean pass have to be given");
    }
  }

  /** The error term left out. */
  static ErrorChange zero(Where where) {
    return new ErrorChange(new SiteRule.Zero(), where);
  }

  /** Whether nothing is left of the error term. */
  boolean isZero() {
    return rule instanceof SiteRule.Zero;
  }

  /** The values of a site with another error term. */
  Tensor put(Sae sae, Tensor values, Tensor came, Batch batch) {
    Cells cells = where.in(batch);
    if (cells.isNone()) {
      return values;
    }
    if (isZero()) {
      return cells.put(values, sae.reconstruct(cells.take(came)));
    }
    cells = cells.listed(batch);
    Tensor vectors = cells.take(came);
    Target target = Target.of(sae.location());
    SitePlaces places = new SitePlaces(target, cells, batch, null);
    Tensor reconstruction = sae.reconstruct(vectors);
    Tensor error = vectors.sub(reconstruction);
    Tensor changed = target.only(error, rule.apply(error, places));
    return cells.put(values, reconstruction.add(changed));
  }
}
