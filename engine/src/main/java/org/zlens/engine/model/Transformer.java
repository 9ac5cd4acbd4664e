package org.zlens.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.HookPoints;
import org.zlens.engine.hook.HookRun;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.InForce;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.GradMode;
import org.zlens.engine.runtime.Interruption;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * The forward pass, written once for every architecture.
 *
 * <p>Each step ends at a hook site; a site that nobody observes costs nothing. What differs between
 * architectures is data ({@link ModelConfig}, {@link Weights}), not code elsewhere. A part of a run
 * that is run again takes the same steps, beside keys and values that the clean run left.
 */
public final class Transformer {
  /** Logits that are computed in one native call; more would keep Ctrl-C waiting. */
  public static final long LOGITS_AT_ONCE = 1 << 23;

  private final ModelConfig config;
  private final Weights weights;
  private final InForce inForce;

  /** A transformer that reads the weights but does not own them. */
  public Transformer(ModelConfig config, Weights weights) {
    this(config, weights, InForce.NOTHING);
  }

  private Transformer(ModelConfig config, Weights weights, InForce inForce) {
    this.config = config;
    this.weights = weights;
    this.inForce = inForce;
  }

  /** This model with edits in force in every pass, in the place of those it has; same weights. */
  public Transformer under(InForce edits) {
    return new Transformer(config, weights, edits);
  }

  /** The edits in force. */
  public InForce inForce() {
    return inForce;
  }

  /** Sizes and kinds of this model. */
  public ModelConfig config() {
    return config;
  }

  /** Its weights, as the forward pass uses them. */
  public Weights weights() {
    return weights;
  }

  /**
   * Runs the model on tokens, applying and keeping what the hooks say.
   *
   * @param tokens int64 {@code [batch, pos]}, every id below {@code d_vocab}
   * @return logits {@code [batch, pos, d_vocab]} and what was captured, in the caller's scope
   * @throws org.zlens.engine.ZlensException if a hook names a location that this model lacks, an
   *     edit does not fire, changes the shape, or changes nothing where it must
   */
  public Activations forward(Tensor tokens, Hooks hooks) {
    if (tokens.rank() != 2 || tokens.type() != DType.INT64) {
      throw new IllegalArgumentException("tokens must be INT64[batch, pos], not " + tokens);
    }
    if (tokens.size(1) > config.context()) {
      throw new IllegalArgumentException(
          tokens.size(1) + " positions are more than the context of " + config.context());
    }
    hooks.requireIn(config);
    List<Edit> edits = inForce.edits(tokens);
    Hooks.none().edit(edits).requireIn(config);
    HookRun run = new HookRun(edits, hooks);
    Tensor position =
        weights.wPos().slice(0, 0, tokens.size(1)).unsqueeze(0).expand(tokens.size(0), -1, -1);
    Tensor resid = embed(tokens, position, run);
    boolean all = hooks.logits() || hooks.lastLayer() >= config.layers();
    int end = all ? config.layers() : Math.min(hooks.lastLayer() + 1, config.layers());
    for (int layer = 0; layer < end; layer++) {
      resid = block(layer, resid, run, Beside.NOTHING, Rerun.Stop.NONE);
    }
    Tensor normalized = all ? finalNorm(resid, run) : null;
    Activations result = run.finish(hooks.logits() ? logits(normalized) : null);
    inForce.ran(
        result.firings().stream()
            .filter(firing -> edits.stream().anyMatch(edit -> edit == firing.edit()))
            .toList());
    return result;
  }

  /**
   * Runs a part of a run again.
   *
   * @param tokens of the window of the touched positions, int64 {@code [row, pos]}
   * @param clean the clean run, with the values that {@link Rerun#needs} names
   * @param hooks the edits in force and those to try, of all rows or row by row
   * @return what the unembedding reads, {@code [row, pos, d_model]} at {@link Rerun#end}, in the
   *     caller's scope; of no use where the pass ends before it
   */
  public Tensor rerun(Rerun rerun, Tensor tokens, Activations clean, HookPoints hooks) {
    Start start = rerun.start();
    int layers = config.layers();
    int first = start.layer();
    int end = Math.min(rerun.last() + 1, layers);
    boolean attends = start.firstAttention() == first && first < layers;
    Beside touched = Beside.of(clean, rerun.touched(), attends ? keys(clean, first) : 0);
    Tensor resid = start(start, rerun.touched(), touched, tokens, hooks);
    if (first < layers) {
      resid =
          switch (start.entry()) {
            case MIXED -> mixed(first, resid, touched.of(Site.Z, first), hooks);
            case MIDDLE -> middle(first, resid, hooks);
            default ->
                block(
                    first,
                    resid,
                    hooks,
                    first == layers - 1 ? touched.to(rerun.read()) : touched,
                    stop(rerun, first));
          };
    }
    if (first + 1 < end) {
      Beside reached = Beside.of(clean, rerun.reached(), keys(clean, first + 1));
      resid = reached.around(Site.RESID_POST, first, rerun.touched(), resid);
      for (int layer = first + 1; layer < end; layer++) {
        resid =
            block(
                layer,
                resid,
                hooks,
                layer == layers - 1 ? reached.to(rerun.read()) : reached,
                stop(rerun, layer));
      }
    }
    return rerun.last() < layers ? resid : finalNorm(resid, hooks);
  }

  private static Rerun.Stop stop(Rerun rerun, int layer) {
    return layer == rerun.last() ? rerun.stop() : Rerun.Stop.NONE;
  }

  private static long keys(Activations clean, int layer) {
    return clean.get(Site.K, layer).size(1);
  }

  private Tensor start(Start start, Window at, Beside touched, Tensor tokens, HookPoints run) {
    return switch (start.entry()) {
      case MIXED -> touched.of(Site.RESID_PRE, start.layer());
      case MIDDLE -> touched.of(Site.RESID_MID, start.layer());
      default ->
          start.layer() > 0
              ? touched.of(Site.RESID_POST, start.layer() - 1)
              : embed(
                  tokens,
                  Kernels.call("embed", touched.positions(), weights.wPos())
                      .expand(at.size(), -1, -1),
                  run);
    };
  }

  private Tensor embed(Tensor tokens, Tensor position, HookPoints run) {
    Tensor embed = run.at(Site.EMBED, Kernels.call("embed", tokens, weights.wE()));
    return embed.add(run.at(Site.POS_EMBED, position));
  }

  private Tensor finalNorm(Tensor resid, HookPoints run) {
    Tensor[] norm = normalize(resid, weights.finalGain(), weights.finalBias());
    boolean edited = run.edits(Site.FINAL_SCALE);
    Tensor scale = run.at(Site.FINAL_SCALE, edited ? scale(resid, norm[1]) : norm[1]);
    Tensor normalized =
        edited ? rescale(resid, scale, weights.finalGain(), weights.finalBias()) : norm[0];
    return run.at(Site.FINAL_NORMALIZED, normalized);
  }

  /**
   * Logits {@code [.., d_vocab]} of some places alone.
   *
   * @param normalized what the final norm leaves there, {@code [.., d_model]}
   */
  public Tensor unembed(Tensor normalized) {
    return Kernels.call("linear", normalized, weights.wU(), weights.bU());
  }

  private Tensor logits(Tensor normalized) {
    long prompts = normalized.size(0);
    long each = normalized.size(1) * weights.wU().size(1);
    long step = Math.max(1, LOGITS_AT_ONCE / Math.max(1, each));
    List<Tensor> pieces = new ArrayList<>();
    for (long from = 0; from < prompts; from += step) {
      Interruption.poll();
      Tensor some =
          step >= prompts ? normalized : normalized.slice(0, from, Math.min(from + step, prompts));
      pieces.add(unembed(some));
    }
    return pieces.size() == 1 ? pieces.get(0) : Tensor.cat(pieces, 0);
  }

  /** A block, or of one that is stopped the first steps, after which nothing can follow. */
  private Tensor block(int layer, Tensor resid, HookPoints run, Beside beside, Rerun.Stop stop) {
    Interruption.poll();
    try (Scope scope = Scope.open()) {
      Tensor pre = run.at(Site.RESID_PRE, layer, resid);
      Tensor post = pre;
      if (stop != Rerun.Stop.STREAM) {
        Tensor z = attention(layer, pre, run, beside);
        post =
            stop == Rerun.Stop.MIXED
                ? run.at(Site.Z, layer, z)
                : mixed(layer, beside.narrow(pre), z, run);
      }
      run.keepIn(scope);
      return scope.keep(post);
    }
  }

  /** A block from what its attention mixed, {@code [batch, pos, head, d_head]}. */
  private Tensor mixed(int layer, Tensor pre, Tensor mixed, HookPoints run) {
    BlockWeights w = weights.blocks().get(layer);
    Tensor z = run.at(Site.Z, layer, mixed);
    Tensor out =
        run.observes(Site.RESULT, layer)
            ? run.at(Site.RESULT, layer, Kernels.call("head_results", z, w.wO()))
                .sum(2L)
                .add(w.bO())
            : Kernels.call("attention_out", z, w.wO(), w.bO());
    return middle(layer, pre.add(run.at(Site.ATTN_OUT, layer, out)), run);
  }

  /** A block from the stream after its attention. */
  private Tensor middle(int layer, Tensor stream, HookPoints run) {
    Interruption.poll();
    try (Scope scope = Scope.open()) {
      Tensor mid = run.at(Site.RESID_MID, layer, stream);
      Tensor mlp = run.at(Site.MLP_OUT, layer, mlp(layer, mid, run));
      Tensor post = run.at(Site.RESID_POST, layer, mid.add(mlp));
      run.keepIn(scope);
      return scope.keep(post);
    }
  }

  /** Values mixed by attention: {@code [batch, pos, head, d_head]}. */
  private Tensor attention(int layer, Tensor pre, HookPoints run, Beside beside) {
    BlockWeights w = weights.blocks().get(layer);
    try (Scope scope = Scope.open()) {
      Tensor[] norm = normalize(pre, w.ln1Gain(), w.ln1Bias());
      boolean frozen = run.edits(Site.LN1_SCALE, layer);
      Tensor scale = run.at(Site.LN1_SCALE, layer, frozen ? scale(pre, norm[1]) : norm[1]);
      Tensor normalized = frozen ? rescale(pre, scale, w.ln1Gain(), w.ln1Bias()) : norm[0];
      normalized = run.at(Site.LN1_NORMALIZED, layer, normalized);
      HeadInputs inputs =
          new HeadInputs(config, w, layer, pre, normalized, frozen ? scale : null, run);
      HeadInputs asking =
          beside.isNarrow()
              ? new HeadInputs(
                  config, w, layer, beside.narrow(pre), beside.narrow(normalized), null, run)
              : inputs;
      Tensor q = run.at(Site.Q, layer, asking.heads(run, Site.Q_INPUT, w.wQ(), w.bQ()));
      Tensor k = run.at(Site.K, layer, inputs.heads(run, Site.K_INPUT, w.wK(), w.bK()));
      Tensor v = run.at(Site.V, layer, inputs.heads(run, Site.V_INPUT, w.wV(), w.bV()));
      Tensor z = mix(layer, q, k, v, run, beside);
      run.keepIn(scope);
      return scope.keep(z);
    }
  }

  private Tensor mix(int layer, Tensor q, Tensor k, Tensor v, HookPoints run, Beside beside) {
    int share = config.heads() / config.keyValueHeads();
    Tensor ownKeys = beside.all(Site.K, layer, k);
    Tensor ownValues = beside.all(Site.V, layer, v);
    Tensor keys = share == 1 ? ownKeys : Kernels.call("repeat_heads", ownKeys, share);
    Tensor values = share == 1 ? ownValues : Kernels.call("repeat_heads", ownValues, share);
    double scale = 1 / Math.sqrt(config.dHead());
    if (!run.observes(Site.ATTN_SCORES, layer) && !run.observes(Site.PATTERN, layer)) {
      return beside.isWhole()
          ? Kernels.call("attention_fused", q, keys, values, scale)
          : Kernels.call("attention_window", q, keys, values, beside.sees(), scale);
    }
    Tensor scores =
        beside.isWhole()
            ? Kernels.call("attention_scores", q, keys, scale)
            : Kernels.call("window_scores", q, keys, beside.sees(), scale);
    Tensor pattern =
        run.at(Site.PATTERN, layer, run.at(Site.ATTN_SCORES, layer, scores).softmax(-1));
    return Kernels.call("attention_z", pattern, values);
  }

  private Tensor mlp(int layer, Tensor mid, HookPoints run) {
    BlockWeights w = weights.blocks().get(layer);
    Tensor input = run.observes(Site.MLP_IN, layer) ? run.at(Site.MLP_IN, layer, mid) : mid;
    Tensor[] norm = normalize(input, w.ln2Gain(), w.ln2Bias());
    boolean edited = run.edits(Site.LN2_SCALE, layer);
    Tensor scale = run.at(Site.LN2_SCALE, layer, edited ? scale(input, norm[1]) : norm[1]);
    Tensor normalized = edited ? rescale(input, scale, w.ln2Gain(), w.ln2Bias()) : norm[0];
    normalized = run.at(Site.LN2_NORMALIZED, layer, normalized);
    Tensor pre = run.at(Site.PRE, layer, Kernels.call("linear", normalized, w.wIn(), w.bIn()));
    Tensor post = run.at(Site.POST, layer, Kernels.call(config.activation().kernel(), pre));
    return Kernels.call("linear", post, w.wOut(), w.bOut());
  }

  /** Normalised values and the scale that divided them. */
  Tensor[] normalize(Tensor x, Tensor gain, Tensor bias) {
    return gain == null
        ? Kernels.callList("layer_norm", x, config.normEps())
        : Kernels.callList("layer_norm_affine", x, gain, bias, config.normEps());
  }

  /** The scale of a norm that an edit sees; what the norm itself gives lets no gradient pass. */
  private Tensor scale(Tensor x, Tensor given) {
    if (!GradMode.isOn()) {
      return given;
    }
    Tensor centred = Kernels.call("center", x);
    return centred.mul(centred).meanKeep(-1).add(config.normEps()).sqrt();
  }

  /** Normalised values when the scale is given instead of computed. */
  static Tensor rescale(Tensor x, Tensor scale, Tensor gain, Tensor bias) {
    Tensor normalized = Kernels.call("center", x).div(scale);
    return gain == null ? normalized : normalized.mul(gain).add(bias);
  }
}
