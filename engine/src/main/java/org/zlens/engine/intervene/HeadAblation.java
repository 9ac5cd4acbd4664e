package org.zlens.engine.intervene;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Tensor;

/**
 * The output z of attention heads of one layer replaced, all together.
 *
 * @param heads indices in the layer
 * @param fill what stands in their place
 */
public record HeadAblation(int layer, List<Integer> heads, Fill fill, Where where)
    implements Intervention {

  /** What stands in the place of a head's z. */
  public enum Fill {
    /** Nothing; the bias of the attention output stays. */
    ZERO,
    /** The head's clean mean over all prompts and positions of the batch. */
    MEAN,
    /** The head's clean mean over the prompts of the batch, position by position. */
    MEAN_PER_POSITION
  }

  /** Checks that there are heads. */
  public HeadAblation {
    heads = List.copyOf(heads);
    if (heads.isEmpty()) {
      throw new IllegalArgumentException("no heads to ablate");
    }
  }

  /** One head. */
  public static HeadAblation of(int layer, int head, Fill fill, Where where) {
    return new HeadAblation(layer, List.of(head), fill, where);
  }

  private Location location() {
    return Location.of(Site.Z, layer);
  }

  @Override
  public String name() {
    String which =
        heads.stream().map(head -> "L" + layer + ".H" + head).collect(Collectors.joining(", "));
    return switch (fill) {
      case ZERO -> "ablate " + which;
      case MEAN -> "mean-ablate " + which;
      case MEAN_PER_POSITION -> "mean-ablate " + which + " by position";
    };
  }

  @Override
  public List<Location> reads() {
    return fill == Fill.ZERO ? List.of() : List.of(location());
  }

  @Override
  public List<Touch> touches() {
    return List.of(new Touch(location(), where));
  }

  @Override
  public boolean windowed() {
    return true;
  }

  @Override
  public List<Edit> edits(Activations clean, Batch batch, Edit.Effect owed) {
    Cells cells = places(batch);
    return List.of(
        new Edit(
            location(),
            name(),
            owed,
            z -> {
              Tensor mask = mask(Math.toIntExact(z.size(2)));
              Tensor values = cells.take(z);
              Tensor filled = values.sub(values.mul(mask));
              return cells.put(
                  z, fill == Fill.ZERO ? filled : filled.add(means(clean, batch, cells).mul(mask)));
            },
            cells.claim(Site.Z)));
  }

  /** Ones for the heads, zeros for the others: {@code [head, 1]}. */
  private Tensor mask(int count) {
    float[] mask = new float[count];
    for (int head : heads) {
      if (head < 0 || head >= count) {
        throw new ZlensException(
            Kind.NAME,
            "no head L" + layer + ".H" + head + " (the layer has " + count + ")",
            "heads run from H0 to H" + (count - 1));
      }
      mask[head] = 1;
    }
    return Tensor.of(mask, count, 1);
  }

  /** Columns of a window are other positions in each row, so that its places must be listed. */
  private Cells places(Batch batch) {
    Cells cells = where.in(batch);
    return batch.isWindow() ? cells.listed(batch) : cells;
  }

  /**
   * Means of the clean z, broadcastable to {@code [cell, head, d_head]}; filling does not count.
   */
  private Tensor means(Activations clean, Batch batch, Cells cells) {
    Tensor z = clean.get(location());
    Tensor counted = counted(batch.lengthsOfAll(), Math.toIntExact(z.size(1)));
    if (fill == Fill.MEAN) {
      return z.mul(counted).sum(0L, 1L).div(counted.sum());
    }
    Tensor byPosition = z.mul(counted).sum(0L).div(counted.sum(0L));
    if (cells.isWhole()) {
      return byPosition;
    }
    long[] positions = cells.position().clone();
    for (int i = 0; i < positions.length; i++) {
      positions[i] += batch.offset((int) cells.row()[i]);
    }
    return byPosition.indexSelect(0, positions);
  }

  /** Ones for true tokens, zeros for filling: {@code [batch, pos, 1, 1]}. */
  private static Tensor counted(int[] lengths, int positions) {
    float[] counted = new float[lengths.length * positions];
    for (int row = 0; row < lengths.length; row++) {
      Arrays.fill(counted, row * positions, row * positions + lengths[row], 1);
    }
    return Tensor.of(counted, lengths.length, positions, 1, 1);
  }
}
