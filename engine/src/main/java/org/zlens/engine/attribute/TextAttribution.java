package org.zlens.engine.attribute;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.SaeReading;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeSet;

/**
 * Direct feature attribution of one attention feature over all places of a text where it is active:
 * what each head, each kind of source position, both together and each source token contributes
 * (paper-spec A.5), and how much of its variance each explains (A.11).
 *
 * <p>Values are projected on the feature's encoder once a position and head, before attention mixes
 * them, so that a text costs little more than the passes over it. All of it is sums, so those of
 * the parts of a text {@link #merge} to the whole.
 */
public final class TextAttribution {
  /** Contributions that are looked at together. */
  private static final int AT_ONCE = 1 << 22;

  private static final int KINDS = SourceKind.values().length;

  private final int layer;
  private final int feature;
  private final double above;
  private final double constant;
  private final int heads;
  private final PartSums byHead;
  private final PartSums byKind;
  private final PartSums byBoth;
  private final PartSums byToken;
  private double sum;
  private double squares;
  private long places;
  private long tokens;

  /** Sums over nothing so far, of all places where the feature is active. */
  public TextAttribution(SaeSet saes, int layer, int feature) {
    this(saes, layer, feature, 0);
  }

  /**
   * Sums over nothing so far.
   *
   * @param above the activation that a place must exceed to count
   * @throws org.zlens.engine.ZlensException if the layer has no attention SAE or it lacks the
   *     feature
   */
  public TextAttribution(SaeSet saes, int layer, int feature, double above) {
    Sae sae = saes.attention(layer);
    sae.requireFeature(feature);
    this.layer = layer;
    this.feature = feature;
    this.above = Math.max(0, above);
    this.constant = sae.constant(feature);
    this.heads = saes.model().config().heads();
    this.byHead = new PartSums(heads);
    this.byKind = new PartSums(KINDS);
    this.byBoth = new PartSums(heads * KINDS);
    this.byToken = new PartSums(saes.model().config().dVocab());
  }

  /**
   * Adds a text to these sums, and returns them.
   *
   * @param model the SAEs' model, perhaps under edits in force
   * @param batches each made in a native scope of its own
   * @param count how many batches come, for the progress; 0 if that is not known
   */
  public TextAttribution read(
      Transformer model, SaeSet saes, Iterator<Batch> batches, int count, Progress progress) {
    for (int done = 0; ; done++) {
      progress.step(done, Math.max(count, done));
      try (Scope scope = Scope.open()) {
        if (!batches.hasNext()) {
          return this;
        }
        add(model, saes, batches.next());
      }
    }
  }

  /** Adds the places of some rows of the text. */
  public void add(Transformer model, SaeSet saes, Batch batch) {
    CleanRun run = CleanRun.attentionOf(layer, model, saes, batch.tokens());
    Sae sae = saes.attention(layer);
    float[] activations =
        sae.encode(SaeReading.of(sae, run.activations()).came(), feature).floats();
    Cells active = active(activations, batch);
    if (active.size() == 0) {
      return;
    }
    JointContributions contributions = new JointContributions(run, layer, feature);
    int positions = batch.positions();
    Place place = new Place(run);
    int step = Math.max(1, AT_ONCE / (heads * positions));
    for (int from = 0; from < active.size(); from += step) {
      try (Scope scope = Scope.open()) {
        Cells some = active.slice(from, Math.min(active.size(), from + step));
        float[] joint = contributions.at(some, positions).floats();
        for (int i = 0; i < some.size(); i++) {
          place.add((int) some.row()[i], (int) some.position()[i], joint, i * heads * positions);
        }
      }
    }
  }

  private Cells active(float[] activations, Batch batch) {
    long[] rows = new long[activations.length];
    long[] columns = new long[activations.length];
    int[] lengths = batch.lengths();
    int count = 0;
    for (int row = 0; row < batch.rows(); row++) {
      for (int position = 0; position < lengths[row]; position++) {
        tokens++;
        if (activations[row * batch.positions() + position] > above) {
          rows[count] = row;
          columns[count] = position;
          count++;
        }
      }
    }
    return new Cells(Arrays.copyOf(rows, count), Arrays.copyOf(columns, count));
  }

  /** What the parts add at one place, gathered first: a token may stand at several sources. */
  private final class Place {
    private final CleanRun run;
    private final double[] head = new double[heads];
    private final double[] kind = new double[KINDS];
    private final double[] both = new double[heads * KINDS];
    private final Map<Integer, Double> token = new HashMap<>();

    private Place(CleanRun run) {
      this.run = run;
    }

    /** Adds a place whose contributions {@code [head, source]} begin at an index. */
    private void add(int row, int destination, float[] joint, int from) {
      Arrays.fill(head, 0);
      Arrays.fill(kind, 0);
      Arrays.fill(both, 0);
      token.clear();
      int sources = run.positions();
      double total = 0;
      for (int source = 0; source <= destination; source++) {
        int which = SourceKind.of(destination, source).ordinal();
        double all = 0;
        for (int h = 0; h < heads; h++) {
          double value = joint[from + h * sources + source];
          head[h] += value;
          both[h * KINDS + which] += value;
          all += value;
        }
        kind[which] += all;
        token.merge(run.token(row, source), all, Double::sum);
        total += all;
      }
      byHead.add(head, total);
      byKind.add(kind, total);
      byBoth.add(both, total);
      double whole = total;
      token.forEach((id, value) -> byToken.add(id, value, whole));
      sum += total;
      squares += total * total;
      places++;
    }
  }

  /** Adds what was summed over another part of the text. */
  public void merge(TextAttribution other) {
    if (other.layer != layer || other.feature != feature || other.above != above) {
      throw new IllegalArgumentException("sums of different features");
    }
    byHead.merge(other.byHead);
    byKind.merge(other.byKind);
    byBoth.merge(other.byBoth);
    byToken.merge(other.byToken);
    sum += other.sum;
    squares += other.squares;
    places += other.places;
    tokens += other.tokens;
  }

  /** The activation that a place had to exceed. */
  public double above() {
    return above;
  }

  /** Tokens that were looked at. */
  public long tokens() {
    return tokens;
  }

  /** Places that counted: those where the feature was active, above the bound if there is one. */
  public long places() {
    return places;
  }

  /** What is left of its pre-activation when z is zero, the same at every place. */
  public double constant() {
    return constant;
  }

  /** Mean pre-activation over the places: all heads and the constant. */
  public double meanPreActivation() {
    return sum / places + constant;
  }

  /** Each head, in order. */
  public List<PartVariance> byHead() {
    return byHead.all(places, sum, squares, true);
  }

  /** Each kind of source, in the order of {@link SourceKind}. */
  public List<PartVariance> bySource() {
    return byKind.all(places, sum, squares, true);
  }

  /** Each head at each kind of source, head by head: the head is {@code part / kinds}. */
  public List<PartVariance> byBoth() {
    return byBoth.all(places, sum, squares, true);
  }

  /** Each token that stood at a source, by its id. */
  public List<PartVariance> byToken() {
    return byToken.all(places, sum, squares, false);
  }
}
