package org.zlens.engine.sae;

import java.nio.file.Path;

/** A way in which people keep SAEs in files. */
public interface SaeFormat {
  /** What a file or folder of this format looks like, for the error when none fits. */
  String description();

  /** Whether the names of the files fit this format; reads none of them. */
  boolean matches(Path path);

  /**
   * Opens an SAE: reads and checks everything but the values of the two matrices, which stay in the
   * file until they are needed.
   *
   * @param hookName the site, for files that do not name it; null to rely on the file. A file that
   *     names another is an error.
   */
  SaeWeights open(Path path, String hookName);
}
