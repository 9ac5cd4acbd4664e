package org.zlens.engine.intervene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.zlens.engine.data.Alignment;

/**
 * The listed places of a batch that have a number in an alignment of its prompts.
 *
 * @param cells where they are
 * @param place number of each
 */
public record AlignedCells(Cells cells, int[] place) {
  /** Those of a batch, row by row; those of a window may be none. */
  public static AlignedCells of(Batch batch, Alignment alignment) {
    List<int[]> found = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      int[] places = alignment.places().get(batch.prompt(row));
      int first = batch.offset(row);
      int last = Math.min(places.length, first + batch.positions());
      for (int position = first; position < last; position++) {
        if (places[position] >= 0) {
          found.add(new int[] {row, position - first, places[position]});
        }
      }
    }
    return new AlignedCells(
        new Cells(
            found.stream().mapToLong(cell -> cell[0]).toArray(),
            found.stream().mapToLong(cell -> cell[1]).toArray()),
        found.stream().mapToInt(cell -> cell[2]).toArray());
  }

  /** How many there are. */
  public int size() {
    return place.length;
  }

  /** Some of them, from an index up to another. */
  public AlignedCells slice(int from, int to) {
    return new AlignedCells(cells.slice(from, to), Arrays.copyOfRange(place, from, to));
  }

  /** Those of some indices. */
  public AlignedCells pick(int... indices) {
    return new AlignedCells(
        new Cells(
            Arrays.stream(indices).mapToLong(i -> cells.row()[i]).toArray(),
            Arrays.stream(indices).mapToLong(i -> cells.position()[i]).toArray()),
        Arrays.stream(indices).map(i -> place[i]).toArray());
  }
}
