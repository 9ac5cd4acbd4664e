package org.zlens.dsl.save;

import java.nio.file.Path;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.TensorValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.io.NpzWriter;

/** NumPy's npz: tensors under their names, or each column of numbers of a table as one array. */
public final class NpzFormat implements SaveFormat {
  @Override
  public String ending() {
    return ".npz";
  }

  @Override
  public boolean accepts(ValueKind kind) {
    return kind == ValueKind.TENSOR || CsvFormat.TABULAR.contains(kind);
  }

  @Override
  public String write(Value value, Provenance provenance, Path path) {
    NpzWriter writer = new NpzWriter();

    String note;
    if (value instanceof TensorValue tensors) {
      tensors.tensors().forEach((name, data) -> writer.add(name, data.shape(), data.values()));
      note = tensors.tensors().size() + " tensors";
    } else {
      NumericColumns numbers = new NumericColumns(Cells.tableOf(value));
      numbers
          .columns()
          .forEach(c -> writer.add(c.name(), new long[] {c.size()}, NumericColumns.floats(c)));
      note = numbers.note();
    }
    writer.addText("provenance.json", ProvenanceJson.line(provenance));
    writer.write(path);
    return note;
  }
}
