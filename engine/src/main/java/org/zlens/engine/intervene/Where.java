package org.zlens.engine.intervene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * Positions for each prompt of a batch: every position of every prompt, or sets of positions row by
 * row, where an empty set leaves the prompt alone.
 */
public final class Where {
  private static final Where EVERYWHERE = new Where(null, null);

  /** Sorted positions of each row; null for every position. */
  private final List<int[]> rows;

  /** One set of positions for every row, whatever their number; null if rows differ. */
  private final int[] shared;

  private Where(List<int[]> rows, int[] shared) {
    this.rows = rows;
    this.shared = shared;
  }

  /** Every position of every prompt. */
  public static Where everywhere() {
    return EVERYWHERE;
  }

  /** One position for each prompt, its own. */
  public static Where each(int... positionOfRow) {
    return rows(Arrays.stream(positionOfRow).mapToObj(position -> new int[] {position}).toList());
  }

  /** The same positions in every prompt. */
  public static Where all(int... positions) {
    return new Where(null, sorted(positions));
  }

  /** The union of every prompt's own position, in all prompts. */
  public static Where union(int... positionOfRow) {
    return all(positionOfRow);
  }

  /** A set of positions for each prompt; an empty one leaves the prompt alone. */
  public static Where rows(List<int[]> positions) {
    return new Where(positions.stream().map(Where::sorted).toList(), null);
  }

  private static int[] sorted(int[] positions) {
    TreeSet<Integer> set = new TreeSet<>();
    for (int position : positions) {
      set.add(position);
    }
    return set.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Whether it is every position of every prompt. */
  public boolean isEverywhere() {
    return rows == null && shared == null;
  }

  /**
   * The cells of a batch that this means, row by row; those of a window may be none.
   *
   * @throws ZlensException of kind RUNTIME if it has another number of rows, a position lies
   *     outside its prompt, or nothing is left of a batch that is no window
   */
  public Cells in(Batch batch) {
    if (isEverywhere() && !batch.isRagged()) {
      return Cells.WHOLE;
    }
    if (rows != null && rows.size() != batch.ofRows()) {
      throw new ZlensException(
          Kind.RUNTIME,
          "positions for " + rows.size() + " prompts, but there are " + batch.ofRows(),
          null);
    }
    return cells(batch, rows);
  }

  /** Which of some listed places of a batch are meant. */
  boolean[] among(Cells places, Batch batch) {
    boolean[] meant = new boolean[places.size()];
    if (isEverywhere()) {
      Arrays.fill(meant, true);
      return meant;
    }
    for (int i = 0; i < meant.length; i++) {
      int row = (int) places.row()[i];
      int[] positions = rows != null ? rows.get(batch.prompt(row)) : shared;
      int position = batch.offset(row) + (int) places.position()[i];
      meant[i] = Arrays.binarySearch(positions, position) >= 0;
    }
    return meant;
  }

  private Cells cells(Batch batch, List<int[]> each) {
    List<Integer> row = new ArrayList<>();
    List<Integer> column = new ArrayList<>();
    int[] lengths = batch.lengths();
    for (int r = 0; r < batch.rows(); r++) {
      int length = lengths[r];
      int offset = batch.offset(r);
      int end = Math.min(length, offset + batch.positions());
      if (isEverywhere()) {
        for (int p = offset; p < end; p++) {
          row.add(r);
          column.add(p - offset);
        }
        continue;
      }
      for (int p : each != null ? each.get(batch.prompt(r)) : shared) {
        if (p < 0 || !batch.isWindow() && p >= (each != null ? length : batch.positions())) {
          throw new ZlensException(
              Kind.RUNTIME,
              "position "
                  + p
                  + " is outside prompt "
                  + batch.prompt(r)
                  + ", which has "
                  + length
                  + " tokens",
              "positions count from 0");
        }
        // A union may hold positions that a shorter prompt lacks; there it has nothing to do.
        if (p >= offset && p < end) {
          row.add(r);
          column.add(p - offset);
        }
      }
    }
    if (row.isEmpty() && !batch.isWindow()) {
      throw new ZlensException(Kind.RUNTIME, "no position is left to act at", null);
    }
    return new Cells(longs(row), longs(column));
  }

  private static long[] longs(List<Integer> numbers) {
    return numbers.stream().mapToLong(Integer::longValue).toArray();
  }

  /** For messages, for example {@code at every position}. */
  @Override
  public String toString() {
    if (isEverywhere()) {
      return "at every position";
    }
    return shared != null
        ? "at " + Arrays.toString(shared) + " in every prompt"
        : "at " + rows.stream().map(Arrays::toString).toList();
  }
}
