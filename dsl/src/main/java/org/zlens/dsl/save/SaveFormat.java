package org.zlens.dsl.save;

import java.nio.file.Path;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;

/** A format of files that values are saved in; the file's ending chooses it. */
public interface SaveFormat {
  /** The ending with its dot, in lower case. */
  String ending();

  /** Whether values of a kind can be saved so. */
  boolean accepts(ValueKind kind);

  /**
   * Writes the value so that the file is wholly there or not at all.
   *
   * @return what was written, for a note: "12 rows"
   */
  String write(Value value, Provenance provenance, Path path);
}
