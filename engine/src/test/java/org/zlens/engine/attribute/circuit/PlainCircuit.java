package org.zlens.engine.attribute.circuit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.zlens.engine.data.Alignment;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.Predictions;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** A model with all but some nodes absent, one place and one feature after the other. */
final class PlainCircuit {
  private final Transformer model;
  private final Batch batch;
  private final Metric metric;
  private final CircuitSpace space;
  private final boolean mean;

  PlainCircuit(Transformer model, Batch batch, Metric metric, CircuitSpace space, boolean mean) {
    this.model = model;
    this.batch = batch;
    this.metric = metric;
    this.space = space;
    this.mean = mean;
  }

  /** The mean metric of the circuit alone. */
  double metric(Collection<CircuitNode> circuit) {
    Set<CircuitNode> kept = new HashSet<>(circuit);
    Hooks clean = Hooks.none();
    for (Sae sae : space.saes()) {
      clean = clean.capture(sae.location());
    }
    Activations before = model.forward(batch.tokens(), clean.withoutLogits());
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < space.saes().size(); i++) {
      int number = i;
      Sae sae = space.saes().get(i);
      Tensor own = before.get(sae.location());
      edits.add(
          new Edit(
              sae.location(),
              "circuit",
              Edit.Effect.MAY_CHANGE,
              values -> changed(number, sae, values, own, kept)));
    }
    Tensor logits = model.forward(batch.tokens(), Hooks.none().edit(edits)).logits();
    Tensor reading = metric.read(batch, Predictions.of(logits));
    double sum = 0;
    for (double one : metric.score(reading, reading)) {
      sum += one / batch.rows();
    }
    return sum;
  }

  private Tensor changed(int number, Sae sae, Tensor values, Tensor clean, Set<CircuitNode> kept) {
    int features = sae.features();
    int width = sae.width();
    float[] result = sae.flatten(values).floats();
    float[] acts = sae.encode(values).floats();
    float[] errors = sae.flatten(sae.error(values)).floats();
    float[] cleanActs = sae.encode(clean).floats();
    float[] cleanErrors = sae.flatten(sae.error(clean)).floats();
    float[] decoder = sae.wDec().floats();
    float[] bias = sae.bDec().floats();
    Alignment alignment = space.alignment();
    for (int row = 0; row < batch.rows(); row++) {
      for (int position = 0; position < batch.lengths()[row]; position++) {
        int place = alignment.place(row, position);
        int at = row * batch.positions() + position;
        for (int d = 0; d < width; d++) {
          double sum = bias[d];
          for (int feature = 0; feature < features; feature++) {
            double act =
                kept.contains(new CircuitNode(number, feature, place))
                    ? acts[at * features + feature]
                    : absent(cleanActs, features, feature, place);
            sum += act * decoder[feature * width + d];
          }
          sum +=
              kept.contains(CircuitNode.error(number, place))
                  ? errors[at * width + d]
                  : absent(cleanErrors, width, d, place);
          result[at * width + d] = (float) sum;
        }
      }
    }
    return Tensor.of(result, values.shape());
  }

  private double absent(float[] clean, int width, int index, int place) {
    if (!mean) {
      return 0;
    }
    double sum = 0;
    int count = 0;
    for (int row = 0; row < batch.rows(); row++) {
      for (int position = 0; position < batch.lengths()[row]; position++) {
        if (space.alignment().place(row, position) == place) {
          sum += clean[(row * batch.positions() + position) * width + index];
          count++;
        }
      }
    }
    return sum / count;
  }
}
