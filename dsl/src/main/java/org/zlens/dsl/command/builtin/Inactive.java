package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.SaeReading;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.ActiveFeatures;
import org.zlens.engine.sae.Sae;

/** That a feature is active at none of the places asked, with those that are. */
final class Inactive {
  private Inactive() {}

  static ZlensException nowhere(Workbench bench, Address feature, Places places) {
    Sae sae = SaeAt.of(bench, feature);
    Hooks hooks = Hooks.none().capture(sae.location()).withoutLogits();
    Tensor values =
        SaeReading.of(sae, bench.transformer().forward(bench.batch().tokens(), hooks)).came();
    return ActiveFeatures.inactive(
        sae, SaeAt.index(feature), places.where().in(bench.batch()).take(values));
  }
}
