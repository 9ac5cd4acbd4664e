package org.zlens.dsl.save;

import java.util.List;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.TableValue;

/**
 * A table that was read.
 *
 * @param provenance how it came to be, or null where the file does not tell
 * @param remarks sentences for the user
 */
public record TableFile(TableValue table, Provenance provenance, List<String> remarks) {
  public TableFile {
    remarks = List.copyOf(remarks);
  }
}
