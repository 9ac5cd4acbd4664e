package org.zlens.engine.hub;

import java.util.regex.Pattern;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.DataFault;

/**
 * The name of a repository of models on the hub: {@code owner/name}, or a name alone for the
 * oldest.
 */
public record Repository(String name) {
  private static final int LONGEST = 193;
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

  /** Refuses what cannot be the name of a repository. */
  public Repository {
    String[] parts = name.split("/", -1);
    boolean good = name.length() <= LONGEST && parts.length <= 2;
    for (String part : parts) {
      good &= PART.matcher(part).matches() && !part.contains("--") && !part.contains("..");
    }
    if (!good) {
      throw new ZlensException(
          Kind.DATA,
          "no repository can be called " + DataFault.quote(name),
          "one is called owner/name, such as EleutherAI/pythia-70m");
    }
  }

  /** What its folder in the cache is called. */
  String folder() {
    return "models--" + name.replace("/", "--");
  }

  @Override
  public String toString() {
    return name;
  }
}
