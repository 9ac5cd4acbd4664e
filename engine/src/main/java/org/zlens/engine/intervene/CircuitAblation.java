package org.zlens.engine.intervene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.zlens.engine.data.Alignment;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * Features and error terms of some SAEs absent, each at places of its own; all else of what the
 * SAEs see is what the changed pass makes of it (Marks et al. 2024).
 *
 * @param name what it is, for tables and messages
 * @param parts at most one for each SAE
 */
public record CircuitAblation(String name, List<Part> parts) implements Intervention {
  /** Activations that are in memory at once. */
  private static final int AT_ONCE = 1 << 22;

  /**
   * What is absent of one SAE.
   *
   * @param absence what stands in its place
   * @param alignment which positions of the prompts are one place; those without a number stay
   * @param absent for each place the features that are absent, the error term being the one after
   *     the last
   */
  public record Part(Sae sae, Absence absence, Alignment alignment, List<BitSet> absent) {
    /** Checks that each place has a set. */
    public Part {
      absent = List.copyOf(absent);
      if (absent.size() != alignment.names().size()) {
        throw new IllegalArgumentException(
            absent.size() + " sets for " + alignment.names().size() + " places");
      }
    }

    private Where where() {
      List<int[]> rows = new ArrayList<>();
      for (int[] places : alignment.places()) {
        rows.add(
            IntStream.range(0, places.length)
                .filter(position -> touches(places[position]))
                .toArray());
      }
      return Where.rows(rows);
    }

    private boolean touches(int place) {
      return place >= 0 && !absent.get(place).isEmpty();
    }

    private boolean acts() {
      return absent.stream().anyMatch(bits -> !bits.isEmpty());
    }

    private AlignedCells cells(Batch batch) {
      AlignedCells all = AlignedCells.of(batch, alignment);
      return all.pick(
          IntStream.range(0, all.size()).filter(cell -> touches(all.place()[cell])).toArray());
    }

    private Tensor apply(Tensor values, AlignedCells touched) {
      Tensor result = values;
      int step = Math.max(1, AT_ONCE / sae.features());
      for (int from = 0; from < touched.size(); from += step) {
        try (Scope scope = Scope.open()) {
          AlignedCells some = touched.slice(from, Math.min(touched.size(), from + step));
          Tensor own = some.cells().take(values);
          result = scope.keep(some.cells().put(result, changed(own, some.place())));
        }
      }
      return result;
    }

    private Tensor changed(Tensor own, int[] place) {
      int features = sae.features();
      float[] mask = new float[place.length * features];
      float[] error = new float[place.length];
      for (int cell = 0; cell < place.length; cell++) {
        BitSet bits = absent.get(place[cell]);
        int end = bits.nextClearBit(0) >= features ? features : -1;
        if (end == features) {
          Arrays.fill(mask, cell * features, (cell + 1) * features, 1);
        } else {
          for (int i = bits.nextSetBit(0); i >= 0 && i < features; i = bits.nextSetBit(i + 1)) {
            mask[cell * features + i] = 1;
          }
        }
        error[cell] = bits.get(features) ? 1 : 0;
      }
      Tensor flat = sae.flatten(own);
      Tensor acts = sae.encode(own);
      Tensor errors = flat.sub(sae.decode(acts, own));
      Tensor change =
          absence
              .features(acts, place)
              .sub(acts)
              .mul(Tensor.of(mask, place.length, features))
              .matmul(sae.wDec())
              .mul(sae.scale(own));
      Tensor ofError =
          absence.errors(errors, place).sub(errors).mul(Tensor.of(error, place.length, 1));
      return flat.add(change).add(ofError).reshape(own.shape());
    }
  }

  /** Leaves out parts of which nothing is absent. */
  public CircuitAblation {
    parts = parts.stream().filter(Part::acts).toList();
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("nothing is absent");
    }
  }

  @Override
  public List<Touch> touches() {
    return parts.stream().map(part -> new Touch(part.sae.location(), part.where())).toList();
  }

  @Override
  public boolean windowed() {
    return true;
  }

  /** Where everything is as it is anyway, nothing changes: no edit owes anything. */
  @Override
  public List<Edit> edits(Activations clean, Batch batch, Edit.Effect owed) {
    List<Edit> edits = new ArrayList<>();
    for (Part part : parts) {
      AlignedCells cells = part.cells(batch);
      if (cells.size() > 0) {
        edits.add(
            new Edit(
                part.sae.location(),
                name,
                Edit.Effect.MAY_CHANGE,
                values -> part.apply(values, cells),
                cells.cells().claim(part.sae.location().site())));
      }
    }
    return edits;
  }
}
