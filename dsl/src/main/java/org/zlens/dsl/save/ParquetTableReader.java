package org.zlens.dsl.save;

import blue.strategic.parquet.Hydrator;
import blue.strategic.parquet.HydratorSupplier;
import blue.strategic.parquet.ParquetReader;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.zlens.dsl.session.Provenance;
import org.zlens.engine.ZlensException;
import org.zlens.engine.io.DataFault;

/** Parquet files of plain columns. */
final class ParquetTableReader implements TableReader {
  private static final long MOST_BYTES = 1L << 30;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String ending() {
    return ".parquet";
  }

  @Override
  public TableFile read(Path path) {
    try {
      if (Files.size(path) > MOST_BYTES) {
        throw DataFault.in(path, "has more than " + MOST_BYTES + " bytes, too many for a table");
      }
      ParquetMetadata metadata = ParquetReader.readMetadata(path.toFile());
      checkSize(path, metadata);
      Map<String, String> told = metadata.getFileMetaData().getKeyValueMetaData();
      TableHead head = head(path, metadata, told.get(ParquetFooter.HEAD));
      String story = told.get(ParquetFooter.PROVENANCE);
      Provenance provenance = story == null ? null : ProvenanceJson.read(JSON.readTree(story));
      return new TableFile(cells(path, head).table(head), provenance, List.of());
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw DataFault.in(path, "cannot be understood (" + e.getMessage() + ")");
    } catch (ZlensException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw DataFault.in(path, "cannot be read as Parquet (" + e.getMessage() + ")");
    }
  }

  private static void checkSize(Path path, ParquetMetadata metadata) {
    long bytes = 0;
    for (BlockMetaData block : metadata.getBlocks()) {
      bytes += Math.max(0, block.getTotalByteSize());
      if (block.getRowCount() < 0 || bytes > MOST_BYTES || bytes < 0) {
        throw DataFault.in(path, "unfolds to more than " + MOST_BYTES + " bytes");
      }
    }
  }

  /** The types are those of the schema; a head that tells of other columns is an error later. */
  private static TableHead head(Path path, ParquetMetadata metadata, String told)
      throws JsonProcessingException {
    List<ColumnHead> columns = new ArrayList<>();
    for (Type field : metadata.getFileMetaData().getSchema().getFields()) {
      if (!field.isPrimitive() || field.isRepetition(Type.Repetition.REPEATED)) {
        throw DataFault.in(
            path, "the column " + DataFault.quote(field.getName()) + " has no plain values");
      }
      columns.add(new ColumnHead(field.getName(), type(field.asPrimitiveType())));
    }
    TableHead head = told == null ? TableHead.NONE : TableHead.read(JSON.readTree(told));
    return new TableHead(head.title(), head.units(), head.notes(), columns);
  }

  private static CellType type(PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case INT32 -> CellType.INT;
      case INT64 -> CellType.LONG;
      case FLOAT -> CellType.FLOAT;
      case DOUBLE -> CellType.DOUBLE;
      case BOOLEAN -> CellType.BOOLEAN;
      default -> CellType.TEXT;
    };
  }

  private static GatheredCells cells(Path path, TableHead head) throws IOException {
    GatheredCells cells = new GatheredCells(path);
    head.columns().forEach(column -> cells.column(column.name()));
    try (Stream<GatheredCells> rows =
        ParquetReader.streamContent(
            path.toFile(), HydratorSupplier.constantly(new Filling(cells)))) {
      rows.forEach(GatheredCells::endRow);
    }
    return cells;
  }

  /** Puts each cell where it belongs. */
  private record Filling(GatheredCells cells) implements Hydrator<GatheredCells, GatheredCells> {
    @Override
    public GatheredCells start() {
      return cells;
    }

    @Override
    public GatheredCells add(GatheredCells target, String heading, Object value) {
      target.find(heading).add(value == null ? null : value.toString());
      return target;
    }

    @Override
    public GatheredCells finish(GatheredCells target) {
      return target;
    }
  }
}
