package org.zlens.engine.data.corpus;

import blue.strategic.parquet.Hydrator;
import blue.strategic.parquet.HydratorSupplier;
import blue.strategic.parquet.ParquetReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.io.DataFault;

/** The texts of one column of a Parquet file, a page at a time. */
final class ParquetDocuments implements Documents {
  private final Path file;
  private final String column;
  private final Stream<String[]> rows;
  private final Iterator<String[]> iterator;
  private long row;

  ParquetDocuments(Path file, String column) {
    this.file = file;
    this.column = column;
    try {
      boolean known =
          ParquetReader.readMetadata(file.toFile())
              .getFileMetaData()
              .getSchema()
              .getFields()
              .stream()
              .anyMatch(field -> field.isPrimitive() && field.getName().equals(column));
      if (!known) {
        throw DataFault.in(
            file,
            "has no column of texts " + DataFault.quote(column),
            "name the column: corpus ... column NAME");
      }
      rows =
          ParquetReader.streamContent(
              file.toFile(), HydratorSupplier.constantly(new OneColumn()), List.of(column));
      iterator = rows.iterator();
    } catch (IOException | RuntimeException e) {
      throw broken(e);
    }
  }

  /** Keeps the column's value of a row; the array is empty where there is none. */
  private static final class OneColumn implements Hydrator<String[], String[]> {
    @Override
    public String[] start() {
      return new String[1];
    }

    @Override
    public String[] add(String[] target, String heading, Object value) {
      target[0] = value instanceof String text ? text : null;
      return target;
    }

    @Override
    public String[] finish(String[] target) {
      return target;
    }
  }

  private ZlensException broken(Exception e) {
    if (e instanceof ZlensException ours) {
      return ours;
    }
    return DataFault.in(
        file, "cannot be read as Parquet after row " + row + " (" + e.getMessage() + ")");
  }

  @Override
  public String next() {
    try {
      while (iterator.hasNext()) {
        row++;
        String text = iterator.next()[0];
        if (text != null) {
          return text;
        }
      }
      return null;
    } catch (RuntimeException e) {
      throw broken(e);
    }
  }

  @Override
  public void close() {
    rows.close();
  }

  @Override
  public String toString() {
    return file + " column " + column;
  }
}
