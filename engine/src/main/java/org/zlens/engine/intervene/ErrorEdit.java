package org.zlens.engine.intervene;

import java.util.List;
import java.util.Optional;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Location;
import org.zlens.engine.sae.Sae;

/**
 * The error term of an SAE scaled, or replaced by means or by that of other places, while its
 * features stay what they are (paper-spec A.2).
 *
 * @param rule what becomes of the error term; a source of values holds those of the SAE's site
 */
public record ErrorEdit(Sae sae, SiteRule rule, Where where) implements Intervention {
  @Override
  public String name() {
    return rule.describe(sae.location().shortName() + ".error");
  }

  @Override
  public List<Location> reads() {
    return rule.readsClean() ? List.of(sae.location()) : List.of();
  }

  @Override
  public List<Touch> touches() {
    return List.of(new Touch(sae.location(), where));
  }

  @Override
  public boolean windowed() {
    return true;
  }

  @Override
  public List<Edit> edits(Activations clean, Batch batch, Edit.Effect owed) {
    SiteRule ofErrors =
        rule instanceof Replacement replacement
            ? replacement.from(sae.error(replacement.pass(clean, sae.location())))
            : rule;
    Splice splice = new Splice(sae, true, List.of(), Optional.of(new ErrorChange(ofErrors, where)));
    return List.of(splice.edit(name(), rule.owes(owed), batch));
  }
}
