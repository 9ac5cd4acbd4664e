package org.zlens.engine.intervene;

import java.util.List;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.sae.Sae;

/** The error term of an SAE left out: at these places the values become the reconstruction. */
public record ErrorAblation(Sae sae, Where where) implements Intervention {
  @Override
  public String name() {
    return "ablate " + sae.location().shortName() + ".error";
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
    return List.of(Splice.withError(sae).zeroError(where).edit(name(), owed, batch));
  }
}
