package org.zlens.dsl.command.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.zlens.dsl.session.MemorySize;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.Outcome;
import org.zlens.engine.intervene.Standing;
import org.zlens.engine.intervene.Sweep;
import org.zlens.engine.intervene.Together;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.measure.FeatureActivity;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.plan.Plan;
import org.zlens.engine.plan.PlannedSweep;
import org.zlens.engine.plan.WholePass;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeSet;
import org.zlens.engine.tokenizer.Tokenizer;

/**
 * What a verb works with while it runs: the session's model, SAEs, prompts and metric, each an
 * error that says how to get it where it is missing.
 *
 * <p>A command runs inside a native scope of its own, so tensors made here need no care.
 */
public final class Workbench {
  private static final int PROMPTS_AT_ONCE = 64;

  private final Session session;
  private Standing standing;

  private Workbench(Session session) {
    this.session = session;
  }

  /** The workbench of a session. */
  public static Workbench of(Session session) {
    return new Workbench(session);
  }

  /** The model with its tokenizer and origin, as it was loaded: no edits are in force on it. */
  public LanguageModel model() {
    return session.get(Slots.MODEL, "load one first: model sprig").model();
  }

  /**
   * The model to run on the prompts: in a block, with the edits that it holds in force. It runs the
   * batches that come from here; other tokens have no places for the edits, and are an error then.
   */
  public Transformer transformer() {
    return standing().map(Standing::model).orElseGet(() -> model().transformer());
  }

  /** The edits in force on all prompts, found once for a command. */
  private Optional<Standing> standing() {
    Optional<CurrentEdits> edits = session.find(Slots.EDITS).filter(some -> some.size() > 0);
    if (edits.isPresent() && standing == null) {
      standing = edits.get().on(model().transformer(), Batch.of(prompts()), session);
    }
    return Optional.ofNullable(standing);
  }

  private Batch admitted(Batch batch) {
    return standing().map(edits -> edits.admit(batch)).orElse(batch);
  }

  /** The model's tokenizer; an exception of kind DATA if it came without one. */
  public Tokenizer tokenizer() {
    return model().tokenizer();
  }

  /** The text of a token, or its number where the model has no tokenizer. */
  public String piece(int id) {
    Tokenizer tokenizer = model().tokenizerOrNull();
    // A model may have more rows than its tokenizer has tokens.
    return tokenizer == null || id >= tokenizer.vocabularySize()
        ? "<" + id + ">"
        : tokenizer.piece(id);
  }

  /** The text of tokens that follow each other; those that have none stand as their numbers. */
  public String text(int... ids) {
    Tokenizer tokenizer = model().tokenizerOrNull();
    int known = tokenizer == null ? 0 : tokenizer.vocabularySize();
    StringBuilder text = new StringBuilder();
    for (int from = 0, to; from < ids.length; from = to) {
      to = from;
      while (to < ids.length && ids[to] < known) {
        to++;
      }
      if (to > from) {
        text.append(tokenizer.decode(Arrays.copyOfRange(ids, from, to)));
      } else {
        text.append(piece(ids[to++]));
      }
    }
    return text.toString();
  }

  /** The SAEs of the model, read from their files at the first call. */
  public SaeSet saes() {
    model();
    return session.get(Slots.SAES, "load some first: sae sprig, or sae \"folder\"").set();
  }

  /** The prompts. */
  public PromptSet prompts() {
    model();
    return session.get(Slots.PROMPTS, "give one: prompt \"When Ann and Bob\"").set();
  }

  /** The prompts as a batch of tokens, in the running command's scope. */
  public Batch batch() {
    return admitted(Batch.of(prompts()));
  }

  /**
   * Prompts with more tokens after them, in the open scope: edits find their places in the prompts,
   * and those at every position also in what follows them.
   *
   * @param first number of the first of them
   * @param ids the tokens of prompts side by side and what follows each
   * @param rows which of them are in the batch
   */
  public Batch continued(int first, int[][] ids, int[] rows) {
    int[] lengths = prompts().prompts().stream().mapToInt(one -> one.tokens().size()).toArray();
    int longest = 0;
    for (int row = 0; row < ids.length; row++) {
      lengths[first + row] = ids[row].length;
      longest = Math.max(longest, ids[row].length);
    }
    int[][] filled = new int[ids.length][];
    for (int row = 0; row < ids.length; row++) {
      filled[row] = Arrays.copyOf(ids[row], longest);
    }
    return admitted(Batch.part(Tensor.ofRows(filled), first, lengths).select(rows));
  }

  /**
   * How many prompts go on together: as many as the memory that is set has room for.
   *
   * @param each bytes that a prompt takes
   */
  public int together(long each) {
    return (int) Math.max(1, Math.min(PROMPTS_AT_ONCE, budget() / Math.max(1, each)));
  }

  /**
   * Runs the prompts through the model a few at a time, so that memory stays bounded and the user
   * can stop it. Each part has a native scope of its own.
   *
   * @param what the work as progress shows it
   * @param hooks what each pass keeps
   */
  public void forward(String what, Hooks hooks, Part part) {
    PromptSet prompts = prompts();
    Progress progress = progress(what);
    Transformer model = transformer();
    int step = atOnce();
    for (int first = 0; first < prompts.size(); first += step) {
      progress.step(first, prompts.size());
      int last = Math.min(first + step, prompts.size());
      PromptSet some = new PromptSet(prompts.name(), prompts.prompts().subList(first, last));
      try (Scope scope = Scope.open()) {
        Batch batch = admitted(Batch.of(prompts, first, last));
        part.take(first, some, batch, model.forward(batch.tokens(), hooks));
      }
    }
  }

  /**
   * The prompts a few at a time; each batch is made in the scope that is open when it is asked for.
   */
  public Iterator<Batch> batches() {
    PromptSet prompts = prompts();
    int step = atOnce();
    return IntStream.range(0, batchCount())
        .mapToObj(
            number -> {
              int first = number * step;
              int last = Math.min(first + step, prompts.size());
              return admitted(Batch.of(prompts, first, last));
            })
        .iterator();
  }

  /** How many batches the prompts make. */
  public int batchCount() {
    int step = atOnce();
    return (prompts().size() + step - 1) / step;
  }

  /** Means over the prompts that an edit in force puts somewhere are those of all prompts. */
  private int atOnce() {
    boolean whole = standing().map(Standing::readsClean).orElse(false);
    return whole ? Math.max(PROMPTS_AT_ONCE, prompts().size()) : PROMPTS_AT_ONCE;
  }

  /** Takes what a pass over some of the prompts gave. */
  @FunctionalInterface
  public interface Part {
    /**
     * Takes it.
     *
     * @param first number of the first of these prompts in the whole set
     */
    void take(int first, PromptSet some, Batch batch, Activations activations);
  }

  /** The metric that was chosen, else the usual one of the prompts. */
  public MetricChoice metricChoice() {
    Optional<MetricChoice> chosen = session.find(Slots.METRIC).map(CurrentMetric::choice);
    return chosen.orElseGet(() -> MetricChoice.usual(prompts()));
  }

  /** The metric on the prompts. */
  public Metric metric() {
    return metricChoice().of(prompts(), this::tokenizer);
  }

  /** Which metric was used and why, to print below a result. */
  public String metricNote() {
    String why =
        session.find(Slots.METRIC).isPresent()
            ? ""
            : metricChoice().equals(MetricChoice.of(MetricKind.LOSS))
                ? " (the prompts have no answer pair)"
                : " (the prompts have an answer pair)";
    return "metric: " + metricChoice().word() + why;
  }

  /**
   * What to print below effects none of which is anything, since a change that the metric cannot
   * see must not pass for one that does nothing.
   *
   * @param effects changed minus clean
   */
  public Optional<String> unmovedNote(DoubleStream effects) {
    if (effects.anyMatch(effect -> effect != 0)) {
      return Optional.empty();
    }
    boolean loss = metricChoice().equals(MetricChoice.of(MetricKind.LOSS));
    return Optional.of(
        "not a digit of the metric changed: the change is too small, or reaches nothing that it"
            + " reads"
            + (loss ? "; a loss reads what is predicted before END" : ""));
  }

  /** Measures interventions together on the prompts, within the memory that is set. */
  public Outcome measure(List<? extends Intervention> together) {
    return PlannedSweep.measure(transformer(), batch(), metric(), together, budget());
  }

  /** Bytes that the setting of memory allows. */
  public long budget() {
    return MemorySize.bytes(session.settings().get(Settings.MEMORY));
  }

  /** Tries each intervention alone on the prompts, within the memory that is set. */
  public void sweep(
      String what,
      List<? extends Intervention> each,
      List<String> groups,
      BiConsumer<Integer, Sweep.Row> rows) {
    Sweep.run(
        transformer(), batch(), metric(), each, groups, budget(), progress(what), rows::accept);
  }

  /** What {@link #sweep} would do; the model runs as far as it takes to know what is active. */
  public Estimate sweepEstimate(List<? extends Intervention> each) {
    Plan plan = new PlannedSweep(transformer(), batch(), metric(), each, budget()).plan();
    int layers = model().config().layers();
    return new Estimate(PlanFacts.of(plan, layers), plan.cost(), plan.bytes());
  }

  /** What {@link #measure} would do. */
  public Estimate estimate(List<? extends Intervention> together) {
    return sweepEstimate(List.of(Together.of(together)));
  }

  /** What {@link #forward} would do. */
  public Estimate estimate(Hooks hooks) {
    List<WholePass> passes = new ArrayList<>();
    PromptSet prompts = prompts();
    int step = atOnce();
    for (int first = 0; first < prompts.size(); first += step) {
      int last = Math.min(first + step, prompts.size());
      PromptSet some = new PromptSet(prompts.name(), prompts.prompts().subList(first, last));
      passes.add(WholePass.of(model().config(), some.size(), some.longest(), hooks));
    }
    return Estimate.of(passes, 1);
  }

  /** What a pass over all prompts at once would do. */
  public Estimate wholeEstimate(Hooks hooks) {
    PromptSet all = prompts();
    return Estimate.of(
        List.of(WholePass.of(model().config(), all.size(), all.longest(), hooks)), 1);
  }

  /** What it takes to find the active features of an SAE at some places. */
  public Estimate activityEstimate(Sae sae, Where where) {
    long places = where.in(batch()).listed(batch()).size();
    double acts = (double) places * sae.features();
    int width = sae.location().site().vectorWidth(model().config());
    long held = (long) Math.min(acts, FeatureActivity.LARGEST) * 4 * Float.BYTES;
    return wholeEstimate(Hooks.none().capture(sae.location()).withoutLogits())
        .with(new Cost(2 * acts * width, 3 * acts, 40, (double) width * sae.features()))
        .holding(held);
  }

  /** How much memory the values take that hooks keep of all prompts. */
  public long keptBytes(Hooks hooks) {
    PromptSet all = prompts();
    return all.size() * WholePass.keptBytes(model().config(), all.longest(), hooks.captured());
  }

  /** Progress of the engine as the session shows it; it ends the computation on Ctrl-C. */
  public Progress progress(String what) {
    return progress(session, what);
  }

  /** As {@link #progress(String)}, for what needs no model yet. */
  public static Progress progress(Session session, String what) {
    return (done, total) -> {
      session.cancellation().poll();
      session.listener().onProgress(what, done, total);
    };
  }
}
