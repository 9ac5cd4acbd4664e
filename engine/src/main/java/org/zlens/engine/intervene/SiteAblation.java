package org.zlens.engine.intervene;

import java.util.List;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;

/** Values at a site set to zero, biases in them included. */
public record SiteAblation(Location location, Where where) implements Intervention {
  /** Refuses sites that are not laid out by position. */
  public SiteAblation {
    requirePositions(location);
  }

  static void requirePositions(Location location) {
    if (location.site() == Site.PATTERN || location.site() == Site.ATTN_SCORES) {
      throw new ZlensException(
          Kind.USAGE,
          "'" + location.shortName() + "' is laid out by query and key, not by position",
          "edit z or v instead");
    }
  }

  @Override
  public String name() {
    return "zero " + location.shortName();
  }

  @Override
  public List<Touch> touches() {
    return List.of(new Touch(location, where));
  }

  @Override
  public boolean windowed() {
    return true;
  }

  @Override
  public List<Edit> edits(Activations clean, Batch batch, Edit.Effect owed) {
    return List.of(
        new Edit(
            location,
            name(),
            owed,
            values -> {
              Cells cells = where.in(batch);
              return cells.put(values, cells.take(values).mul(0));
            }));
  }
}
