package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.attribute.Written.Piece;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Transcoder;

/**
 * An MLP output at one place as its transcoder sees it, and what a direction of it or a feature
 * reads in the stream before; for one scope.
 */
final class TranscoderReading {
  private final CleanRun run;
  private final int layer;
  private final int row;
  private final int position;
  private final Transcoder transcoder;
  private final MlpInput input;

  TranscoderReading(CleanRun run, int layer, int row, int position) {
    this.run = run;
    this.layer = layer;
    this.row = row;
    this.position = position;
    this.transcoder = run.saes().findTranscoder(layer).orElseThrow();
    this.input = MlpInput.of(run, layer, row, position);
  }

  /** What the transcoder reads, {@code [d_model]}. */
  private Tensor read() {
    return readsNormalized() ? input.seen() : input.middle();
  }

  private boolean readsNormalized() {
    return transcoder.input().site() == Site.LN2_NORMALIZED;
  }

  /** Active features, bias, skip if there is one, and error. */
  Written written() {
    Encoded encoded = Encoded.of(transcoder.encode(read()).floats(), 0, transcoder.features());
    int count = encoded.active().length;
    List<Piece> pieces = new ArrayList<>();
    List<Tensor> parts = new ArrayList<>();
    Tensor error = run.vector(Location.of(Site.MLP_OUT, layer), row, position);
    if (count > 0) {
      Tensor features =
          transcoder.directions(encoded.active()).mul(Tensor.of(encoded.activations(), count, 1));
      parts.add(features);
      error = error.sub(features.sum(0L));
      for (int i = 0; i < count; i++) {
        double activation = encoded.activations()[i];
        pieces.add(new Piece(Part.TRANSCODER_FEATURE, layer, encoded.active()[i], activation));
      }
    }
    if (transcoder.skips()) {
      Tensor skip = transcoder.skip(read().unsqueeze(0)).reshape(-1);
      parts.add(skip.unsqueeze(0));
      error = error.sub(skip);
      pieces.add(Piece.of(Part.TRANSCODER_SKIP, layer));
    }
    parts.add(transcoder.bias().unsqueeze(0));
    pieces.add(Piece.of(Part.TRANSCODER_BIAS, layer));
    parts.add(error.sub(transcoder.bias()).unsqueeze(0));
    pieces.add(Piece.of(Part.TRANSCODER_ERROR, layer));
    return new Written(pieces, Tensor.cat(parts, 0).floats());
  }

  /** What a feature reads: its pre-activation by the parts of the stream. */
  Readout feature(int feature) {
    Tensor vector = read();
    Tensor reader = transcoder.reader(feature, vector);
    double pre = transcoder.preActivations(vector).select(0, feature).item();
    return readout(
        transcoder.address(feature) + " at " + position,
        reader,
        pre,
        pre,
        transcoder.constant(feature));
  }

  /**
   * What a direction {@code [d_model]} of the output reads through the skip.
   *
   * @param total what the skip's output is along the direction
   */
  Readout skip(String what, float[] direction, double total, double reference) {
    Tensor reader = transcoder.throughSkip(Tensor.of(direction, direction.length));
    return readout(what + " through the skip of L" + layer, reader, total, reference, 0);
  }

  private Readout readout(
      String what, Tensor reader, double total, double reference, double constant) {
    Rows constants = new Rows(run, row, reference);
    Tensor direction = reader;
    double bias = constant;
    if (readsNormalized()) {
      direction = input.seenInStream(reader);
      bias += input.bias(reader);
    }
    constants.add(Part.CONSTANT, layer, bias);
    return new Readout(
        run,
        what,
        MlpInput.point(run, layer),
        row,
        position,
        direction.floats(),
        total,
        reference,
        constants.list());
  }
}
