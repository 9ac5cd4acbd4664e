package org.zlens.dsl.save;

import blue.strategic.parquet.ParquetWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.AtomicFile;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.FloatColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.ShortColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Parquet, each column in its own type, missing cells as nulls. */
public final class ParquetFormat implements SaveFormat {
  @Override
  public String ending() {
    return ".parquet";
  }

  @Override
  public boolean accepts(ValueKind kind) {
    return CsvFormat.TABULAR.contains(kind);
  }

  @Override
  public String write(Value value, Provenance provenance, Path path) {
    TableValue table = Cells.tableOf(value);
    MessageType schema = schema(table.table());
    AtomicFile.writePath(
        path,
        temporary -> {
          try (ParquetWriter<Integer> writer =
              ParquetWriter.writeFile(
                  schema,
                  temporary.toFile(),
                  (row, cells) -> {
                    for (Column<?> column : table.table().columns()) {
                      if (!column.isMissing(row)) {
                        cells.write(column.name(), cell(column, row));
                      }
                    }
                  })) {
            for (int row = 0; row < table.table().rowCount(); row++) {
              writer.write(row);
            }
          }
          ParquetFooter.put(
              temporary,
              Map.of(
                  ParquetFooter.PROVENANCE,
                  ProvenanceJson.line(provenance),
                  ParquetFooter.HEAD,
                  TableHead.of(table).line()));
        });
    return table.table().rowCount() + " rows";
  }

  private static MessageType schema(Table table) {
    List<Type> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Column<?> column : table.columns()) {
      if (!names.add(column.name())) {
        throw new ZlensException(
            Kind.DATA,
            "two columns are named '" + column.name() + "'",
            "parquet needs one of each");
      }
      PrimitiveTypeName type = type(column);
      fields.add(
          type == PrimitiveTypeName.BINARY
              ? Types.optional(type).as(LogicalTypeAnnotation.stringType()).named(column.name())
              : Types.optional(type).named(column.name()));
    }
    if (fields.isEmpty()) {
      throw new ZlensException(Kind.DATA, "a parquet file needs a column", null);
    }
    return new MessageType("table", fields);
  }

  private static PrimitiveTypeName type(Column<?> column) {
    if (column instanceof IntColumn || column instanceof ShortColumn) {
      return PrimitiveTypeName.INT32;
    } else if (column instanceof LongColumn) {
      return PrimitiveTypeName.INT64;
    } else if (column instanceof FloatColumn) {
      return PrimitiveTypeName.FLOAT;
    } else if (column instanceof NumericColumn<?>) {
      return PrimitiveTypeName.DOUBLE;
    }
    return column instanceof BooleanColumn ? PrimitiveTypeName.BOOLEAN : PrimitiveTypeName.BINARY;
  }

  private static Object cell(Column<?> column, int row) {
    return switch (type(column)) {
      case INT32 -> ((Number) column.get(row)).intValue();
      case INT64 -> ((Number) column.get(row)).longValue();
      case FLOAT -> ((Number) column.get(row)).floatValue();
      case DOUBLE -> ((NumericColumn<?>) column).getDouble(row);
      case BOOLEAN -> column.get(row);
      default -> column.getUnformattedString(row);
    };
  }
}
