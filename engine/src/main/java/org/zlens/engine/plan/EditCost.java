package org.zlens.engine.plan;

import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.CircuitAblation;
import org.zlens.engine.intervene.ErrorAblation;
import org.zlens.engine.intervene.ErrorEdit;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Splice;
import org.zlens.engine.intervene.Together;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.sae.Sae;

/** The work of edits themselves, where it stands out beside that of the pass: whole SAEs. */
final class EditCost {
  private final Batch batch;

  EditCost(Batch batch) {
    this.batch = batch;
  }

  Cost of(Intervention intervention) {
    if (intervention instanceof Together together) {
      return together.parts().stream().map(this::of).reduce(Cost.NONE, Cost::plus);
    } else if (intervention instanceof CircuitAblation circuit) {
      return circuit.parts().stream()
          .map(part -> rebuilt(part.sae(), circuit, 1.0 / circuit.parts().size()))
          .reduce(Cost.NONE, Cost::plus);
    } else if (intervention instanceof ErrorAblation error) {
      return rebuilt(error.sae(), error, 1);
    } else if (intervention instanceof ErrorEdit error) {
      return rebuilt(error.sae(), error, 1);
    } else if (intervention instanceof Splice splice
        && (!splice.keepsError() || splice.error().isPresent())) {
      return rebuilt(splice.sae(), splice, 1);
    }
    return Cost.NONE;
  }

  /** All that an SAE reads at the places that are touched, encoded and decoded. */
  private Cost rebuilt(Sae sae, Intervention intervention, double share) {
    double cells =
        intervention.touches().stream()
            .map(touch -> touch.where())
            .distinct()
            .mapToDouble(this::cells)
            .sum();
    return SaeCost.encode(sae, share * cells, 1).plus(SaeCost.decode(sae, share * cells, 1));
  }

  private double cells(Where where) {
    return where.in(batch).listed(batch).size();
  }
}
