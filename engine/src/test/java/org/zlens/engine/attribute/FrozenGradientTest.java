package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.zlens.engine.attribute.Explained.Split;
import org.zlens.engine.attribute.TreeOptions.Via;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.runtime.GradMode;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.Transcoder;

/**
 * A witness for every kind of edge of a tree: the number is computed from the stream in the model's
 * own words, with patterns, norm scales and gates as constants, and differentiated; what is linear
 * in a part of the stream contributes its gradient times the part. Without any part nothing but the
 * constants is left.
 */
class FrozenGradientTest {
  private static final double ROUNDING = 2e-4;
  private static final int ROW = 1;
  private static final int POSITION = 5;

  /** Something that is computed from the stream at one place. */
  private interface Frozen {
    Tensor of(Tensor stream);
  }

  private static final Map<String, Integer> SEEN = new HashMap<>();

  @Property(tries = 8, seed = "20240617")
  void everyEdgeIsAGradientTimesAPart(@ForAll @LongRange(min = 0, max = 1 << 20) long seed) {
    try (Scope scope = Scope.open();
        RandomRun some = new RandomRun(seed)) {
      CleanRun run = some.run();
      for (boolean heads : new boolean[] {false, true}) {
        TreeOptions options =
            TreeOptions.of(2, 2, 0.02)
                .throughMlps()
                .bothSigns()
                .via(heads ? Via.ATTENTION : Via.BOTH);
        for (TreeRoot root : AttributionTreeTest.roots(some, ROW, POSITION)) {
          AttributionTree tree =
              AttributionTree.of(
                  run, root, ROW, POSITION, heads ? options.byHead() : options, Progress.NONE);
          if (root instanceof TreeRoot.Logit logit) {
            stream(run, tree.root(), POSITION, logit(run, logit));
          }
          AttributionTreeTest.walk(tree.root(), one -> own(run, one));
        }
      }
    }
  }

  /** Numbers of their own; what passes on is met on the way down from them. */
  private void own(CleanRun run, Explained one) {
    Contribution row = one.row();
    if (one.isLeaf()) {
      return;
    }
    switch (row.part()) {
      case ATTENTION_FEATURE -> {
        Sae sae = run.saes().attention(row.layer());
        for (Explained source : one.splits().get(0).followed()) {
          stream(run, source, source.row().position(), attention(run, sae, row, source));
        }
      }
      case RESIDUAL_FEATURE -> {
        Sae sae = run.saes().residual(row.layer());
        Tensor at = run.read(sae, ROW, row.position());
        Tensor reader = sae.reader(row.index(), at).copy();
        double constant = sae.constant(row.index());
        stream(run, one, row.position(), x -> x.mul(reader).sum().add(constant));
      }
      case TRANSCODER_FEATURE -> {
        Transcoder transcoder = run.saes().findTranscoder(row.layer()).orElseThrow();
        Tensor reader = transcoder.wEnc().select(1, row.index());
        stream(
            run,
            one,
            row.position(),
            x ->
                input(run, transcoder, row.position(), x)
                    .mul(reader)
                    .sum()
                    .add(transcoder.constant(row.index())));
      }
      default -> {}
    }
  }

  /** What the splits of a number say of the stream, against the gradient; and onward. */
  private void stream(CleanRun run, Explained one, int position, Frozen number) {
    float[] gradient = gradient(run, position, number);
    double nothing = number.of(Tensor.zeros(run.config().dModel())).item();
    for (Split split : one.splits()) {
      double left =
          split.parts().rows().stream()
              .filter(part -> isConstant(part.part()))
              .mapToDouble(Contribution::contribution)
              .sum();
      assertThat(left)
          .as(one.row().name() + " of an empty stream")
          .isCloseTo(nothing, offset(ROUNDING * Math.max(1, Math.abs(nothing))));
      for (Contribution part : split.parts().rows()) {
        if (part.part() == Part.EMBED || isVector(part.part())) {
          double expected = Readout.dot(vector(run, part, position), gradient);
          assertThat(part.contribution())
              .as(one.row().name() + " <- " + part.name())
              .isCloseTo(expected, offset(ROUNDING * Math.max(1, Math.abs(expected))));
          SEEN.merge(one.row().part() + " <- " + part.part(), 1, Integer::sum);
        }
      }
      for (Explained part : split.followed()) {
        if (!part.isLeaf() && part.passesOn()) {
          onward(run, part, gradient);
        }
      }
    }
  }

  /** Through a head, an MLP or a skip, along the direction in which it is read. */
  private void onward(CleanRun run, Explained part, float[] direction) {
    int layer = part.row().layer();
    int position = part.row().position();
    Tensor along = Tensor.of(direction, direction.length);
    BlockWeights block = run.block(layer);
    if (part.row().part() == Part.MLP_OUT) {
      MlpInput input = MlpInput.of(run, layer, ROW, position);
      Tensor pre =
          Kernels.call("linear", input.normalized().unsqueeze(0), block.wIn(), block.bIn());
      Tensor gate = run.config().activation().apply(pre).div(pre);
      stream(
          run,
          part,
          position,
          x ->
              Kernels.call(
                      "linear",
                      normed(run, layer, position, x).unsqueeze(0),
                      block.wIn(),
                      block.bIn())
                  .mul(gate)
                  .matmul(block.wOut())
                  .add(block.bOut())
                  .mul(along)
                  .sum());
    } else if (part.row().part() == Part.TRANSCODER_SKIP) {
      Transcoder transcoder = run.saes().findTranscoder(layer).orElseThrow();
      stream(
          run,
          part,
          position,
          x -> transcoder.skip(input(run, transcoder, position, x).unsqueeze(0)).mul(along).sum());
    } else {
      for (Explained source : part.splits().get(0).followed()) {
        int size = run.config().dHead();
        int head = part.row().index();
        Tensor out = block.wO().slice(0, (long) head * size, (head + 1L) * size).matmul(along);
        double weight = weight(run, layer, head, position, source.row().position());
        int group = head / (run.config().heads() / run.config().keyValueHeads());
        stream(
            run,
            source,
            source.row().position(),
            x ->
                value(run, layer, source.row().position(), x)
                    .slice(0, (long) group * size, (group + 1L) * size)
                    .mul(out)
                    .sum()
                    .mul(weight));
      }
    }
  }

  private static Frozen attention(CleanRun run, Sae sae, Contribution feature, Explained source) {
    int layer = feature.layer();
    int position = source.row().position();
    Tensor z = run.read(sae, ROW, feature.position());
    int heads = run.config().heads();
    Tensor reader = sae.reader(feature.index(), z).reshape(heads, -1);
    float[] weights = new float[heads];
    for (int head = 0; head < heads; head++) {
      weights[head] = (float) weight(run, layer, head, feature.position(), position);
    }
    Tensor weighted = reader.mul(Tensor.of(weights, heads, 1));
    return x -> {
      int groups = run.config().keyValueHeads();
      Tensor values = value(run, layer, position, x).reshape(groups, 1, -1);
      return values.mul(weighted.reshape(groups, heads / groups, -1)).sum();
    };
  }

  private static Frozen logit(CleanRun run, TreeRoot.Logit logit) {
    Tensor scale = run.vector(Location.of(Site.FINAL_SCALE), ROW, POSITION);
    Tensor gain = run.model().weights().finalGain();
    Tensor unembed = run.model().weights().wU().select(1, logit.answer());
    OptionalInt other = logit.other();
    Tensor read =
        other.isEmpty()
            ? unembed
            : unembed.sub(run.model().weights().wU().select(1, other.getAsInt()));
    Tensor biases = run.model().weights().bU();
    double bias = biases.select(0, logit.answer()).item();
    double constant = other.isEmpty() ? bias : bias - biases.select(0, other.getAsInt()).item();
    return x -> {
      Tensor normed = Kernels.call("center", x).div(scale);
      Tensor gained =
          gain == null ? normed : normed.mul(gain).add(run.model().weights().finalBias());
      return gained.mul(read).sum().add(constant);
    };
  }

  private static double weight(CleanRun run, int layer, int head, int query, int key) {
    return run.pattern(layer, ROW, query).select(0, head).select(0, key).item();
  }

  private static Tensor value(CleanRun run, int layer, int position, Tensor stream) {
    BlockWeights block = run.block(layer);
    Tensor scale = run.vector(Location.of(Site.LN1_SCALE, layer), ROW, position);
    Tensor normed = Kernels.call("center", stream).div(scale);
    Tensor gained =
        block.ln1Gain() == null ? normed : normed.mul(block.ln1Gain()).add(block.ln1Bias());
    return gained.matmul(block.wV()).add(block.bV());
  }

  private static Tensor normed(CleanRun run, int layer, int position, Tensor stream) {
    BlockWeights block = run.block(layer);
    double scale = MlpInput.of(run, layer, ROW, position).scale();
    Tensor normed = Kernels.call("center", stream).mul(1 / scale);
    return block.ln2Gain() == null ? normed : normed.mul(block.ln2Gain()).add(block.ln2Bias());
  }

  private static Tensor input(CleanRun run, Transcoder transcoder, int position, Tensor stream) {
    return transcoder.input().site() == Site.LN2_NORMALIZED
        ? normed(run, transcoder.input().layer(), position, stream)
        : stream;
  }

  private static float[] gradient(CleanRun run, int position, Frozen number) {
    try (GradMode mode = GradMode.on()) {
      Tensor leaf = Tensor.zeros(run.config().dModel()).leaf();
      return number.of(leaf).gradients(List.of(leaf))[0].floats();
    }
  }

  private static boolean isConstant(Part part) {
    return switch (part) {
      case CONSTANT, VALUE_BIAS, MLP_BIAS, NORM_BIAS, UNEMBED_BIAS -> true;
      default -> false;
    };
  }

  private static boolean isVector(Part part) {
    return switch (part) {
      case ATTENTION_FEATURE,
          RESIDUAL_FEATURE,
          HEAD,
          MLP_OUT,
          TRANSCODER_FEATURE,
          TRANSCODER_SKIP ->
          true;
      default -> false;
    };
  }

  /** What a part is, put together from the files' directions and not from what the run kept. */
  private static float[] vector(CleanRun run, Contribution part, int position) {
    int layer = part.layer();
    BlockWeights block = layer < 0 ? null : run.block(layer);
    return switch (part.part()) {
      case EMBED -> run.vector(Location.of(Site.EMBED), ROW, position).floats();
      case MLP_OUT -> run.vector(Location.of(Site.MLP_OUT, layer), ROW, position).floats();
      case ATTENTION_FEATURE -> {
        Sae sae = run.saes().attention(layer);
        yield written(run, sae, part, position).matmul(block.wO()).reshape(-1).floats();
      }
      case RESIDUAL_FEATURE ->
          written(run, run.saes().residual(layer), part, position).reshape(-1).floats();
      case HEAD -> {
        int size = run.config().dHead();
        Tensor z = run.vector(Location.of(Site.Z, layer), ROW, position);
        long from = (long) part.index() * size;
        yield z.slice(0, from, from + size)
            .unsqueeze(0)
            .matmul(block.wO().slice(0, from, from + size))
            .reshape(-1)
            .floats();
      }
      case TRANSCODER_FEATURE ->
          run.saes()
              .findTranscoder(layer)
              .orElseThrow()
              .directions(part.index())
              .mul(part.activation())
              .reshape(-1)
              .floats();
      default -> {
        Transcoder transcoder = run.saes().findTranscoder(layer).orElseThrow();
        MlpInput input = MlpInput.of(run, layer, ROW, position);
        Tensor read =
            transcoder.input().site() == Site.LN2_NORMALIZED ? input.normalized() : input.middle();
        yield transcoder.skip(read.unsqueeze(0)).reshape(-1).floats();
      }
    };
  }

  private static Tensor written(CleanRun run, Sae sae, Contribution part, int position) {
    Tensor at = run.read(sae, ROW, position);
    return sae.directions(part.index()).mul(sae.scale(at)).mul(part.activation());
  }

  /** Every kind of edge was met, so that none goes without a witness. */
  @AfterContainer
  static void everyKindWasThere() {
    List<String> kinds = new ArrayList<>(SEEN.keySet());
    assertThat(kinds)
        .contains(
            "SOURCE <- ATTENTION_FEATURE",
            "SOURCE <- RESIDUAL_FEATURE",
            "SOURCE <- HEAD",
            "SOURCE <- MLP_OUT",
            "SOURCE <- TRANSCODER_FEATURE",
            "SOURCE <- TRANSCODER_SKIP",
            "SOURCE <- EMBED",
            "RESIDUAL_FEATURE <- ATTENTION_FEATURE",
            "RESIDUAL_FEATURE <- TRANSCODER_FEATURE",
            "LOGIT <- ATTENTION_FEATURE",
            "LOGIT_DIFFERENCE <- ATTENTION_FEATURE",
            "LOGIT <- MLP_OUT",
            "MLP_OUT <- ATTENTION_FEATURE",
            "MLP_OUT <- HEAD",
            "TRANSCODER_FEATURE <- ATTENTION_FEATURE",
            "TRANSCODER_SKIP <- HEAD",
            "TRANSCODER_SKIP <- EMBED");
  }
}
