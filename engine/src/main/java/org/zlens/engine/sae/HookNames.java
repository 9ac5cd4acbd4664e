package org.zlens.engine.sae;

import java.nio.file.Path;
import org.zlens.engine.io.DataFault;

/** The checks that every reader makes of the name of an SAE's site. */
final class HookNames {
  private HookNames() {}

  /** The site that the file names, or the one that the user gives where the file names none. */
  static String agreed(Path file, String stated, String given) {
    if (stated == null && given == null) {
      throw DataFault.in(
          file,
          "does not say which site the SAE belongs to (no hook_name)",
          "name the site, for example 'blocks.1.attn.hook_z'");
    }
    if (stated != null && given != null && !stated.equals(given)) {
      throw DataFault.in(
          file, "is an SAE of " + DataFault.quote(stated) + ", not of " + DataFault.quote(given));
    }
    return stated != null ? stated : given;
  }

  /** The layer in a hook's name, which must be the stated one unless that is negative. */
  static int layer(Path file, String hookName, int stated) {
    int layer = SaeConfig.layerOf(hookName);
    if (layer < 0) {
      throw DataFault.in(
          file, "the site " + DataFault.quote(hookName) + " is not of the form 'blocks.N. ...'");
    }
    if (stated >= 0 && stated != layer) {
      throw DataFault.in(
          file, "names the layer " + stated + " and the site " + DataFault.quote(hookName));
    }
    return layer;
  }
}
