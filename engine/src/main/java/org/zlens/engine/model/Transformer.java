package org.zlens.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.HookPoints;
import org.zlens.engine.hook.HookRun;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.InForce;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.DType;
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
  private final Scores scores;

  /** A transformer that reads the weights but does not own them. */
  public Transformer(ModelConfig config, Weights weights) {
    this(config, weights, InForce.NOTHING);
  }

  private Transformer(ModelConfig config, Weights weights, InForce inForce) {
    this.config = config;
    this.weights = weights;
    this.inForce = inForce;
    this.scores = new Scores(config);
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
   *     edit does not fire, changes the shape, or changes nothing where it must; or if those in
   *     force leave values that are not finite
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
    Tensor resid = embed(tokens, run);
    if (config.has(Site.POS_EMBED)) {
      Tensor position = weights.wPos().slice(0, 0, tokens.size(1)).unsqueeze(0);
      resid = resid.add(run.at(Site.POS_EMBED, position.expand(tokens.size(0), -1, -1)));
    }
    Beside whole = Beside.nothing(tokens.size(1), config);
    boolean all = hooks.logits() || hooks.lastLayer() >= config.layers();
    int end = all ? config.layers() : Math.min(hooks.lastLayer() + 1, config.layers());
    for (int layer = 0; layer < end; layer++) {
      resid = block(layer, resid, run, whole, Rerun.Stop.NONE);
    }
    requireFinite(resid, edits);
    Tensor normalized = all ? finalNorm(resid, run) : null;
    Activations result = run.finish(hooks.logits() ? logits(normalized) : null);
    inForce.ran(
        result.firings().stream()
            .filter(firing -> edits.stream().anyMatch(edit -> edit == firing.edit()))
            .toList());
    return result;
  }

  /** Whatever is not finite in a pass is so in the stream behind it too. */
  private static void requireFinite(Tensor resid, List<Edit> edits) {
    if (!edits.isEmpty() && !Double.isFinite(resid.mul(0).sum().item())) {
      throw new ZlensException(
          Kind.RUNTIME,
          "under '" + edits.get(0).name() + "' the model computes values that are not finite",
          "what the edits in force leave cannot be computed with");
    }
  }

  /**
   * Runs a part of a run again.
   *
   * @param tokens of the window of the touched positions, int64 {@code [row, pos]}
   * @param clean the clean run, with the values that {@link Rerun#needs} names
   * @param hooks the edits in force and those to try, of all rows or row by row
   * @return what the hook after the final norm has, {@code [row, pos, d_model]} at {@link
   *     Rerun#end}, in the caller's scope; of no use where the pass ends before it
   */
  public Tensor rerun(Rerun rerun, Tensor tokens, Activations clean, HookPoints hooks) {
    int layers = config.layers();
    int first = rerun.start().layer();
    int end = Math.min(rerun.last() + 1, layers);
    Tensor resid = begin(rerun, tokens, clean, hooks);
    if (first + 1 < end) {
      Beside reached = Beside.of(clean, rerun.reached(), keys(clean, first + 1), config);
      for (int layer = first + 1; layer < end; layer++) {
        resid =
            block(
                layer,
                resid,
                hooks,
                layer == layers - 1 ? reached.to(rerun.read(), config) : reached,
                rerun.stopAt(layer));
      }
    }
    return rerun.last() < layers ? resid : finalNorm(resid, hooks);
  }

  /**
   * Runs the first block of a part of a run again, as {@link #rerun} does. What follows, {@link
   * #block} runs block by block, if need be beside rows that began elsewhere.
   *
   * @return the stream after that block at {@link Rerun#reached}, {@code [row, pos, d_model]}; at
   *     {@link Rerun#touched} if no block follows, and of no use where the block is stopped
   */
  public Tensor begin(Rerun rerun, Tensor tokens, Activations clean, HookPoints hooks) {
    Start start = rerun.start();
    int layers = config.layers();
    int first = start.layer();
    boolean attends = start.firstAttention() == first && first < layers;
    Beside touched = Beside.of(clean, rerun.touched(), attends ? keys(clean, first) : 0, config);
    Tensor resid = start(start, rerun.touched(), touched, tokens, hooks);
    if (first < layers) {
      resid =
          switch (start.entry()) {
            case MIXED -> mixed(first, resid, touched.of(Site.Z, first), hooks);
            case MIDDLE -> middle(first, resid, touched, hooks);
            default ->
                block(
                    first,
                    resid,
                    hooks,
                    first == layers - 1 ? touched.to(rerun.read(), config) : touched,
                    rerun.stopAt(first));
          };
    }
    if (first + 1 < Math.min(rerun.last() + 1, layers)
        && rerun.touched().width() < rerun.reached().width()) {
      Beside reached = Beside.of(clean, rerun.reached(), 0, config);
      resid = reached.around(Site.RESID_POST, first, rerun.touched(), resid);
    }
    return resid;
  }

  /**
   * Runs a block again for rows of a run that began before it.
   *
   * @param at the positions of the rows
   * @param resid the stream before the block there, {@code [row, pos, d_model]}
   * @param stop how much of the block runs
   * @return the stream after it; of no use where it is stopped
   */
  public Tensor block(
      int layer, Window at, Tensor resid, Activations clean, Rerun.Stop stop, HookPoints hooks) {
    return block(layer, resid, hooks, Beside.of(clean, at, keys(clean, layer), config), stop);
  }

  /**
   * Runs the position that comes next in each row.
   *
   * @param at where that is, a window of one position
   * @param tokens of it, int64 {@code [row, 1]}
   * @param cache keys and values of the positions before, which it adds its own to
   * @return what the hook after the final norm has, {@code [row, 1, d_model]}
   */
  Tensor next(Window at, Tensor tokens, KeyValueCache cache, HookPoints hooks) {
    Beside beside = Beside.grown(cache, at, config);
    Tensor resid = start(new Start(0, Start.Entry.BLOCK), at, beside, tokens, hooks);
    for (int layer = 0; layer < config.layers(); layer++) {
      resid = block(layer, resid, hooks, beside, Rerun.Stop.NONE);
    }
    return finalNorm(resid, hooks);
  }

  private long keys(Activations clean, int layer) {
    return clean.get(config.keySite(), layer).size(1);
  }

  private Tensor start(Start start, Window at, Beside touched, Tensor tokens, HookPoints run) {
    int layer = start.layer();
    if (start.entry() == Start.Entry.MIXED) {
      return touched.of(Site.RESID_PRE, layer);
    }
    if (start.entry() == Start.Entry.MIDDLE) {
      return touched.of(config.has(Site.RESID_MID) ? Site.RESID_MID : Site.RESID_PRE, layer);
    }
    if (layer > 0) {
      return touched.of(Site.RESID_POST, layer - 1);
    }
    Tensor embed = embed(tokens, run);
    if (!config.has(Site.POS_EMBED)) {
      return embed;
    }
    Tensor position = Kernels.call("embed", touched.positions(), weights.wPos());
    return embed.add(run.at(Site.POS_EMBED, position.expand(at.size(), -1, -1)));
  }

  private Tensor embed(Tensor tokens, HookPoints run) {
    return run.at(Site.EMBED, Kernels.call("embed", tokens, weights.keptE()));
  }

  /** What the hook after the final norm has, from the stream after the last block. */
  public Tensor finalNorm(Tensor resid, HookPoints run) {
    Norm norm = weights.finalNorm(config);
    Tensor[] own = norm.apply(resid);
    boolean edited = run.edits(Site.FINAL_SCALE);
    Tensor scale = run.at(Site.FINAL_SCALE, edited ? norm.scale(resid, own[1]) : own[1]);
    Tensor seen = edited ? norm.rescaled(resid, scale) : own[0];
    return run.at(Site.FINAL_NORMALIZED, seen);
  }

  /**
   * Logits {@code [.., d_vocab]} of some places alone.
   *
   * @param normalized what the hook after the final norm has there, {@code [.., d_model]}
   */
  public Tensor unembed(Tensor normalized) {
    Tensor read = weights.finalNorm(config).onward(normalized);
    return capped(Kernels.call("linear", read, weights.keptU(), weights.bU()));
  }

  /** Logits of some tokens alone, {@code [.., tokens.length]}. */
  public Tensor unembed(Tensor normalized, long[] tokens) {
    Tensor directions = weights.keptU().indexSelect(1, tokens);
    Tensor biases = weights.bU().indexSelect(0, tokens);
    Tensor read = weights.finalNorm(config).onward(normalized);
    return capped(Kernels.call("linear", read, directions, biases));
  }

  /** Logits as the model gives them, from what its unembedding reads: under its cap, if any. */
  public Tensor capped(Tensor logits) {
    double cap = config.architecture().logitCap();
    return cap == 0 ? logits : Kernels.call("soft_cap", logits, cap);
  }

  private Tensor logits(Tensor normalized) {
    long prompts = normalized.size(0);
    long each = normalized.size(1) * weights.keptU().size(1);
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
    BlockWeights w = weights.kept(layer);
    Tensor z = run.at(Site.Z, layer, mixed);
    Tensor out =
        run.observes(Site.RESULT, layer)
            ? run.at(Site.RESULT, layer, Kernels.call("head_results", z, w.wO()))
                .sum(2L)
                .add(w.bO())
            : Kernels.call("attention_out", z, w.wO(), w.bO());
    if (config.architecture().postNorms()) {
      Norm norm = w.norm1Post(config);
      out = norm(norm, out, Site.LN1_POST_SCALE, Site.LN1_POST_NORMALIZED, layer, run);
    }
    Tensor stream = pre.add(run.at(Site.ATTN_OUT, layer, out));
    return after(layer, pre, stream, run);
  }

  /** A block from the clean stream after its attention, or what makes it up. */
  private Tensor middle(int layer, Tensor stream, Beside touched, HookPoints run) {
    return config.has(Site.RESID_MID)
        ? after(layer, stream, stream, run)
        : after(layer, stream, stream.add(touched.of(Site.ATTN_OUT, layer)), run);
  }

  /** A block from the stream after its attention. */
  private Tensor after(int layer, Tensor pre, Tensor stream, HookPoints run) {
    Interruption.poll();
    try (Scope scope = Scope.open()) {
      Tensor post = stream;
      if (config.hasMlp()) {
        boolean parallel = config.architecture().parallel();
        Tensor mid = parallel ? stream : run.at(Site.RESID_MID, layer, stream);
        Tensor mlp = mlp(layer, parallel ? pre : mid, run);
        post = mid.add(run.at(Site.MLP_OUT, layer, mlp));
      }
      post = run.at(Site.RESID_POST, layer, post);
      run.keepIn(scope);
      return scope.keep(post);
    }
  }

  /** Values mixed by attention: {@code [batch, pos, head, d_head]}. */
  private Tensor attention(int layer, Tensor pre, HookPoints run, Beside beside) {
    BlockWeights w = weights.kept(layer);
    Norm norm = w.norm1(config);
    try (Scope scope = Scope.open()) {
      Tensor[] own = norm.apply(pre);
      boolean frozen = run.edits(Site.LN1_SCALE, layer);
      Tensor scale = run.at(Site.LN1_SCALE, layer, frozen ? norm.scale(pre, own[1]) : own[1]);
      Tensor seen = frozen ? norm.rescaled(pre, scale) : own[0];
      Tensor normalized = norm.onward(run.at(Site.LN1_NORMALIZED, layer, seen));
      HeadInputs inputs =
          new HeadInputs(config, w, layer, pre, normalized, frozen ? scale : null, run);
      HeadInputs asking =
          beside.isNarrow()
              ? new HeadInputs(
                  config, w, layer, beside.narrow(pre), beside.narrow(normalized), null, run)
              : inputs;
      Tensor[] all = asking == inputs ? inputs.allOrNull(run) : null;
      Tensor q = all != null ? all[0] : asking.heads(run, Site.Q_INPUT, w.wQ(), w.bQ());
      q = run.at(Site.Q, layer, q);
      Tensor k = all != null ? all[1] : inputs.heads(run, Site.K_INPUT, w.wK(), w.bK());
      k = run.at(Site.K, layer, k);
      Tensor v = all != null ? all[2] : inputs.heads(run, Site.V_INPUT, w.wV(), w.bV());
      v = run.at(Site.V, layer, v);
      if (config.architecture().rotates()) {
        q = run.at(Site.ROT_Q, layer, scores.turned(q, beside.askers()));
        k = run.at(Site.ROT_K, layer, scores.turned(k, beside.positions()));
      }
      Tensor z = mix(layer, q, k, v, run, beside);
      run.keepIn(scope);
      return scope.keep(z);
    }
  }

  private Tensor mix(int layer, Tensor q, Tensor k, Tensor v, HookPoints run, Beside beside) {
    Tensor keys = scores.perHead(beside.all(config.keySite(), layer, k));
    Tensor values = scores.perHead(beside.all(Site.V, layer, v));
    Tensor sees = beside.sees(config.architecture().attention(), layer);
    if (!run.observes(Site.ATTN_SCORES, layer) && !run.observes(Site.PATTERN, layer)) {
      return scores.mixed(q, keys, values, sees);
    }
    Tensor scored = run.at(Site.ATTN_SCORES, layer, scores.of(q, keys, sees));
    return Kernels.call("attention_z", run.at(Site.PATTERN, layer, scored.softmax(-1)), values);
  }

  private Tensor mlp(int layer, Tensor stream, HookPoints run) {
    BlockWeights w = weights.kept(layer);
    Tensor input = run.observes(Site.MLP_IN, layer) ? run.at(Site.MLP_IN, layer, stream) : stream;
    Tensor normalized =
        norm(w.norm2(config), input, Site.LN2_SCALE, Site.LN2_NORMALIZED, layer, run);
    Tensor out = read(layer, w, normalized, run);
    return config.architecture().postNorms()
        ? norm(w.norm2Post(config), out, Site.LN2_POST_SCALE, Site.LN2_POST_NORMALIZED, layer, run)
        : out;
  }

  /** What the matrices of an MLP make of what they read. */
  private Tensor read(int layer, BlockWeights w, Tensor read, HookPoints run) {
    boolean gated = config.architecture().mlp() == MlpKind.GATED;
    String kind = config.activation().kernel();
    if (!run.observes(Site.PRE, layer)
        && !run.observes(Site.PRE_LINEAR, layer)
        && !run.observes(Site.POST, layer)) {
      return gated
          ? Kernels.call(
              "mlp_gated", read, w.wGate(), w.bGate(), w.wIn(), w.bIn(), w.wOut(), w.bOut(), kind)
          : Kernels.call("mlp", read, w.wIn(), w.bIn(), w.wOut(), w.bOut(), kind);
    }
    Tensor post;
    if (gated) {
      Tensor gate = Kernels.call("linear", read, w.wGate(), w.bGate());
      Tensor open = config.activation().apply(run.at(Site.PRE, layer, gate));
      Tensor in = Kernels.call("linear", read, w.wIn(), w.bIn());
      post = open.mul(run.at(Site.PRE_LINEAR, layer, in));
    } else {
      Tensor pre = run.at(Site.PRE, layer, Kernels.call("linear", read, w.wIn(), w.bIn()));
      post = config.activation().apply(pre);
    }
    return Kernels.call("linear", run.at(Site.POST, layer, post), w.wOut(), w.bOut());
  }

  /** What goes on from a norm, its hooks met. */
  private static Tensor norm(
      Norm norm, Tensor x, Site scaleAt, Site seenAt, int layer, HookPoints run) {
    Tensor[] own = norm.apply(x);
    boolean edited = run.edits(scaleAt, layer);
    Tensor scale = run.at(scaleAt, layer, edited ? norm.scale(x, own[1]) : own[1]);
    Tensor seen = edited ? norm.rescaled(x, scale) : own[0];
    return norm.onward(run.at(seenAt, layer, seen));
  }
}
