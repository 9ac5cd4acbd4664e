package org.zlens.engine.attribute.audit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.zlens.engine.attribute.Part;
import org.zlens.engine.attribute.TreeRoot;
import org.zlens.engine.attribute.graph.GraphEdge;
import org.zlens.engine.attribute.graph.GraphNode;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeSet;
import org.zlens.engine.sae.Transcoder;

/**
 * The audit of one edge by whole passes over all prompts: one without the parent, which is taken
 * away where it is in the model's own terms, and one for what the child's layer reads.
 */
final class SlowAudit {
  private final Transformer model;
  private final SaeSet saes;
  private final Tensor tokens;
  private final int row;
  private final Map<GraphNode, Double> cleans = new HashMap<>();
  private final Map<List<GraphNode>, Double> exacts = new HashMap<>();
  private GraphNode root;
  private ToDoubleFunction<Activations> read;
  private Location[] captured;

  SlowAudit(Transformer model, SaeSet saes, Tensor tokens, int row) {
    this.model = model;
    this.saes = saes;
    this.tokens = tokens;
    this.row = row;
  }

  /** This audit, for which a node is what a tree explains. */
  SlowAudit withRoot(GraphNode node, TreeRoot what, int position) {
    root = node;
    if (what instanceof TreeRoot.Logit logit) {
      captured = new Location[0];
      read = pass -> logit(pass, logit, position);
    } else if (what instanceof TreeRoot.Head head) {
      Location z = Location.of(Site.Z, head.layer());
      captured = new Location[] {z};
      float[] direction = direction(head, position);
      read = pass -> dot(written(pass, head, position), direction);
    } else {
      root = null;
    }
    return this;
  }

  private double logit(Activations pass, TreeRoot.Logit logit, int position) {
    Tensor logits = pass.logits().select(0, row).select(0, position);
    double own = logits.select(0, logit.answer()).item();
    return logit.other().isEmpty() ? own : own - logits.select(0, logit.other().getAsInt()).item();
  }

  private float[] written(Activations pass, TreeRoot.Head head, int position) {
    int size = model.config().dHead();
    Tensor z = pass.get(Location.of(Site.Z, head.layer())).select(0, row).select(0, position);
    Tensor own = z.slice(0, head.head(), head.head() + 1L);
    Tensor out = model.weights().blocks().get(head.layer()).wO();
    long first = (long) head.head() * size;
    return own.matmul(out.slice(0, first, first + size)).reshape(-1).floats();
  }

  /** Its own output's in the clean pass, or that in which the final norm and a logit read it. */
  private float[] direction(TreeRoot.Head head, int position) {
    try (Scope scope = Scope.open()) {
      Location z = Location.of(Site.Z, head.layer());
      Location scale = Location.of(Site.FINAL_SCALE);
      Activations pass = pass(null, z, scale);
      float[] direction;
      double by;
      if (head.read().isEmpty()) {
        direction = written(pass, head, position);
        by = Math.sqrt(dot(direction, direction));
      } else {
        TreeRoot.Logit logit = head.read().get();
        Weights weights = model.weights();
        NormKind norm = model.config().norm();
        Tensor read = weights.wU().select(1, logit.answer());
        if (logit.other().isPresent()) {
          read = read.sub(weights.wU().select(1, logit.other().getAsInt()));
        }
        read = weights.finalGain() == null ? read : read.mul(weights.finalGain());
        direction = (norm.centers() ? read.sub(read.mean(0L)) : read).floats();
        by = pass.get(scale).select(0, row).select(0, position).item();
      }
      for (int i = 0; i < direction.length; i++) {
        direction[i] = (float) (direction[i] / by);
      }
      return direction;
    }
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** The size of a number in the clean pass. */
  double clean(GraphNode number) {
    return Math.abs(cleanNumber(number));
  }

  private double cleanNumber(GraphNode number) {
    return cleans.computeIfAbsent(number, one -> child(one, null));
  }

  /** What the child loses when the parent is missing in the model. */
  double exact(GraphEdge edge) {
    GraphNode from = edge.from();
    Location at = place(from);
    return cleanNumber(edge.to()) - child(edge.to(), without(at, from));
  }

  /** The same, which is worked out once. */
  double exactOnce(GraphNode from, GraphNode to) {
    List<GraphNode> ends = List.of(from, to);
    Double known = exacts.get(ends);
    if (known == null) {
      known = exact(new GraphEdge(from, to, 0));
      exacts.put(ends, known);
    }
    return known;
  }

  /** What it loses when the parent is missing from what its own layer reads. */
  double direct(GraphEdge edge) {
    GraphNode from = edge.from();
    Location at = place(from);
    float[] clean = stream(from.position(), at, null);
    float[] gone = stream(from.position(), at, without(at, from));
    Location read =
        switch (edge.to().part()) {
          case LOGIT -> Location.of(Site.RESID_POST, model.config().layers() - 1);
          default -> Location.of(Site.RESID_PRE, edge.to().layer());
        };
    Edit missing =
        edit(
            read,
            from.position(),
            x -> {
              for (int i = 0; i < x.length; i++) {
                x[i] -= clean[i] - gone[i];
              }
              return x;
            });
    return child(edge.to(), null) - child(edge.to(), missing);
  }

  /** The stream right after something is written to it. */
  private float[] stream(int position, Location written, Edit edit) {
    Location at =
        switch (written.site()) {
          case EMBED, POS_EMBED -> Location.of(Site.RESID_PRE, 0);
          case Z, ATTN_OUT -> Location.of(Site.RESID_MID, written.layer());
          case MLP_OUT -> Location.of(Site.RESID_POST, written.layer());
          default -> written;
        };
    return vector(at, position, edit);
  }

  private Location place(GraphNode from) {
    int layer = from.layer();
    return switch (from.part()) {
      case EMBED -> Location.of(Site.EMBED);
      case POS_EMBED -> Location.of(Site.POS_EMBED);
      case ATTN_OUT, OUTPUT_BIAS -> Location.of(Site.ATTN_OUT, layer);
      case MLP_OUT, TRANSCODER_FEATURE, TRANSCODER_SKIP, TRANSCODER_ERROR ->
          Location.of(Site.MLP_OUT, layer);
      case HEAD, ATTENTION_FEATURE, SAE_BIAS, SAE_ERROR -> Location.of(Site.Z, layer);
      case RESIDUAL_FEATURE, RESIDUAL_BIAS, RESIDUAL_ERROR -> Location.of(Site.RESID_PRE, layer);
      default -> throw new IllegalArgumentException(from.toString());
    };
  }

  private Edit without(Location at, GraphNode from) {
    float[] coded = at.site() == Site.MLP_OUT ? transcoded(from) : new float[0];
    return edit(
        at,
        from.position(),
        x -> {
          try (Scope scope = Scope.open()) {
            Tensor values = Tensor.of(x, x.length);
            return switch (from.part()) {
              case ATTENTION_FEATURE -> feature(saes.attention(from.layer()), values, from);
              case RESIDUAL_FEATURE -> feature(saes.residual(from.layer()), values, from);
              case SAE_ERROR, RESIDUAL_ERROR -> values.sub(sae(from).error(values)).floats();
              case SAE_BIAS, RESIDUAL_BIAS -> values.sub(sae(from).bias(values)).floats();
              case OUTPUT_BIAS ->
                  values.sub(model.weights().blocks().get(from.layer()).bO()).floats();
              case HEAD -> head(x, from.index());
              case TRANSCODER_FEATURE, TRANSCODER_SKIP, TRANSCODER_ERROR ->
                  values.sub(Tensor.of(coded, coded.length)).floats();
              default -> new float[x.length];
            };
          }
        });
  }

  /** What a part of a transcoder has in an MLP's output. */
  private float[] transcoded(GraphNode from) {
    if (from.part() == Part.MLP_OUT) {
      return new float[0];
    }
    Transcoder transcoder = saes.findTranscoder(from.layer()).orElseThrow();
    float[] read = vector(transcoder.input(), from.position(), null);
    float[] wrote = vector(transcoder.output(), from.position(), null);
    try (Scope scope = Scope.open()) {
      Tensor input = Tensor.of(read, read.length);
      Tensor part =
          switch (from.part()) {
            case TRANSCODER_SKIP -> transcoder.skip(input);
            case TRANSCODER_ERROR -> transcoder.error(input, Tensor.of(wrote, wrote.length));
            default ->
                transcoder
                    .wDec()
                    .select(0, from.index())
                    .mul(transcoder.encode(input).select(0, from.index()).item());
          };
      return part.floats();
    }
  }

  private Sae sae(GraphNode from) {
    return from.part() == Part.RESIDUAL_ERROR || from.part() == Part.RESIDUAL_BIAS
        ? saes.residual(from.layer())
        : saes.attention(from.layer());
  }

  private static float[] feature(Sae sae, Tensor values, GraphNode from) {
    float activation = sae.encode(values).floats()[from.index()];
    Tensor change = Tensor.of(new float[] {-activation}, 1, 1);
    Tensor added = sae.decodeChange(change, values, from.index()).reshape(-1);
    return values.add(added).floats();
  }

  private float[] head(float[] z, int head) {
    int size = model.config().dHead();
    float[] left = z.clone();
    for (int i = head * size; i < (head + 1) * size; i++) {
      left[i] = 0;
    }
    return left;
  }

  /** A change to the vector at one place. */
  private Edit edit(Location at, int position, UnaryOperator<float[]> change) {
    return new Edit(
        at,
        "remove",
        Edit.Effect.MAY_CHANGE,
        values -> {
          float[] all = values.floats();
          int width = all.length / (int) (values.size(0) * values.size(1));
          int begin = (int) (row * values.size(1) + position) * width;
          float[] some = new float[width];
          System.arraycopy(all, begin, some, 0, width);
          System.arraycopy(change.apply(some), 0, all, begin, width);
          return Tensor.of(all, values.shape());
        });
  }

  private double child(GraphNode to, Edit edit) {
    try (Scope scope = Scope.open()) {
      if (to.equals(root)) {
        return read.applyAsDouble(pass(edit, captured));
      }
      if (to.part() == Part.TRANSCODER_FEATURE) {
        Transcoder transcoder = saes.findTranscoder(to.layer()).orElseThrow();
        float[] vector = vector(transcoder.input(), to.position(), edit);
        return transcoder.preActivations(Tensor.of(vector, vector.length)).floats()[to.index()];
      }
      if (to.part() == Part.LOGIT) {
        return pass(edit)
            .logits()
            .select(0, row)
            .select(0, to.position())
            .select(0, to.index())
            .item();
      }
      Sae sae =
          to.part() == Part.RESIDUAL_FEATURE
              ? saes.residual(to.layer())
              : saes.attention(to.layer());
      float[] vector = vector(sae.location(), to.position(), edit);
      return sae.preActivations(Tensor.of(vector, vector.length)).floats()[to.index()];
    }
  }

  private float[] vector(Location at, int position, Edit edit) {
    try (Scope scope = Scope.open()) {
      return pass(edit, at).get(at).select(0, row).select(0, position).copy().floats();
    }
  }

  private Activations pass(Edit edit, Location... captured) {
    Hooks hooks = Hooks.none().capture(captured);
    return model.forward(tokens, edit == null ? hooks : hooks.edit(edit));
  }
}
