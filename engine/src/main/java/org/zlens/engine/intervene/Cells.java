package org.zlens.engine.intervene;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.zlens.engine.hook.Claim;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Tensor;

/**
 * Places in a batch: prompt {@code row[i]}, position {@code position[i]}; or {@link #WHOLE}, which
 * is every place without any being listed.
 *
 * @param row index of the prompt
 * @param position index of the token
 */
public record Cells(long[] row, long[] position) {
  /**
   * Every place of a batch without filling; then {@code [cell]} stands for {@code [batch, pos]}.
   */
  public static final Cells WHOLE = new Cells(new long[0], new long[0]);

  /** Checks that rows and positions come in pairs. */
  public Cells {
    if (row.length != position.length) {
      throw new IllegalArgumentException(row.length + " rows, " + position.length + " positions");
    }
  }

  /** One position in each prompt, in order. */
  public static Cells each(int... positionOfRow) {
    long[] row = new long[positionOfRow.length];
    long[] position = new long[positionOfRow.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = i;
      position[i] = positionOfRow[i];
    }
    return new Cells(row, position);
  }

  /** Whether this is every place. */
  public boolean isWhole() {
    return this == WHOLE;
  }

  /** Whether no place is meant, as may be in a window. */
  public boolean isNone() {
    return !isWhole() && row.length == 0;
  }

  /** The same places, every one of them listed. */
  public Cells listed(Batch batch) {
    if (!isWhole()) {
      return this;
    }
    int positions = batch.positions();
    long[] row = new long[batch.rows() * positions];
    long[] position = new long[row.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = i / positions;
      position[i] = i % positions;
    }
    return new Cells(row, position);
  }

  /** The listed places of all of these, each once. */
  static Cells union(List<Cells> several) {
    if (several.size() == 1) {
      return several.get(0);
    }
    Set<List<Long>> places = new LinkedHashSet<>();
    for (Cells cells : several) {
      for (int i = 0; i < cells.size(); i++) {
        places.add(List.of(cells.row()[i], cells.position()[i]));
      }
    }
    return new Cells(
        places.stream().mapToLong(place -> place.get(0)).toArray(),
        places.stream().mapToLong(place -> place.get(1)).toArray());
  }

  /** What an edit at these places of a site claims. */
  Claim claim(Site site) {
    return isWhole() ? Claim.everywhere(site) : Claim.at(site, row, position);
  }

  /** Some of the listed places, from an index up to another. */
  public Cells slice(int from, int to) {
    return new Cells(Arrays.copyOfRange(row, from, to), Arrays.copyOfRange(position, from, to));
  }

  /** How many are listed. */
  public int size() {
    return row.length;
  }

  /** Values {@code [cell, ..]} at these places of {@code [batch, pos, ..]}. */
  public Tensor take(Tensor x) {
    return isWhole() ? x : Kernels.call("take_rows", x, index(row), index(position));
  }

  /** A copy of {@code [batch, pos, ..]} with values {@code [cell, ..]} at these places. */
  public Tensor put(Tensor x, Tensor values) {
    if (isNone()) {
      return x;
    }
    return isWhole() ? values : Kernels.call("put_rows", x, index(row), index(position), values);
  }

  private static Tensor index(long[] numbers) {
    return Tensor.of(numbers, numbers.length);
  }
}
