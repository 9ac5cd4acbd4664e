package org.zlens.dsl.command.builtin;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.CurrentCorpus;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.data.corpus.Corpus;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.io.FileHash;
import org.zlens.engine.measure.CorpusBatches;
import org.zlens.engine.measure.TextBatches;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.plan.WholePass;
import org.zlens.engine.train.SprigRecipe;

/** The text that a verb measures on: what stands after 'on', else the prompts. */
final class MeasuredText implements TextBatches, AutoCloseable {
  private static final String SESSIONS = "corpus";
  private static final int USUAL_LENGTH = 128;

  static final Parameter<List<String>> ON =
      Parameter.after(
              "on", "text", Types.PATH, "'sprig', 'corpus', or files; the prompts without it")
          .many()
          .optional();

  static final Parameter<Long> TOKENS =
      Parameter.after(
              "tokens", "count", Types.whole(2, 1L << 50), "tokens of a text, from its start")
          .orElse(65_536L);

  static final Parameter<Integer> LENGTH =
      Parameter.after("length", "tokens", Types.count(), "tokens of a row of a text").optional();

  /** What the details of a verb say of these parameters. */
  static final String DETAILS =
      """
      'on sprig' is text of sprig's own that neither it nor its SAEs were trained on, \
      'on corpus' the text that the verb 'corpus' named, and files are those that it takes. \
      A text is read from its start in rows of 'length' tokens, 128 or the model's context, and \
      no further than its end.""";

  /** What it takes to read a token of a text, in native calls. */
  static final double READ = 0.5;

  private final String name;
  private final Supplier<String> fingerprint;
  private final TextBatches batches;
  private final Size size;

  /**
   * How much is measured.
   *
   * @param batches so many
   * @param rows of each
   * @param length tokens of a row, at most
   * @param isText whether they are read from a text, which may end before
   */
  record Size(int batches, int rows, int length, boolean isText) {
    /** Tokens in all. */
    double tokens() {
      return (double) batches * rows * length;
    }

    /** A pass over each batch. */
    Estimate estimate(ModelConfig config, Hooks hooks) {
      return estimate(config, hooks, 1);
    }

    /** The same so many times. */
    Estimate estimate(ModelConfig config, Hooks hooks, int times) {
      WholePass pass = WholePass.of(config, rows, length, hooks);
      Estimate all = Estimate.of(List.of(pass), (long) times * batches, isText ? "row" : "prompt");
      return isText ? all.with(new Cost(0, 0, times * tokens() * READ)).orLess() : all;
    }
  }

  private MeasuredText(String name, Supplier<String> fingerprint, TextBatches batches, Size size) {
    this.name = name;
    this.fingerprint = fingerprint;
    this.batches = batches;
    this.size = size;
  }

  /** Refuses what cannot be measured on, as far as that is known before the run. */
  static void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireModel(forecast);
    if (!arguments.has(ON)) {
      EngineFacts.requirePrompts(forecast);
      for (Parameter<?> parameter : List.of(TOKENS, LENGTH)) {
        if (arguments.has(parameter)) {
          throw arguments.fault(
              parameter,
              Kind.TYPE,
              "'" + parameter.word() + "' is for a text, not for the prompts",
              "name one with 'on', as in: on sprig");
        }
      }
      return;
    }
    if (arguments.isKnown(LENGTH)) {
      forecast.ask(EngineFacts.CONFIG).value().ifPresent(config -> length(arguments, config));
    }
    if (arguments.isKnown(ON)) {
      for (String word : arguments.get(ON)) {
        if (isWord(arguments)) {
          break;
        }
        Path path = forecast.files().input(word);
        // A line above may be about to write one that is not there; the run will tell.
        if (Files.exists(path)) {
          files(arguments, List.of(path));
        }
      }
    }
  }

  private static boolean isWord(Arguments arguments) {
    List<String> words = arguments.get(ON);
    boolean word = words.contains(ModelLoader.SPRIG) || words.contains(SESSIONS);
    if (word && words.size() > 1) {
      throw arguments.fault(ON, Kind.TYPE, "'sprig' and 'corpus' stand alone", null);
    }
    return word;
  }

  private static int length(Arguments arguments, ModelConfig config) {
    int length = arguments.find(LENGTH).orElse(Math.min(USUAL_LENGTH, config.context()));
    if (length < 2 || length > config.context()) {
      throw arguments.fault(
          LENGTH,
          Kind.TYPE,
          "rows of " + length + " tokens do not fit the context of " + config.context(),
          "a row has from 2 tokens to as many as the context");
    }
    return length;
  }

  private static Corpus files(Arguments arguments, List<Path> paths) {
    try {
      return Corpus.of(paths, "text");
    } catch (ZlensException e) {
      throw arguments.fault(ON, e.kind(), e.getMessage(), e.hint());
    }
  }

  /** The text that a statement means, in batches whose logits fit into memory. */
  static MeasuredText of(Arguments arguments, Session session, Workbench bench) {
    return of(arguments, session, bench, logits(bench));
  }

  /**
   * The same for another use than logits.
   *
   * @param widest numbers that are held of each token of rows of a length
   */
  static MeasuredText of(
      Arguments arguments, Session session, Workbench bench, IntUnaryOperator widest) {
    Optional<CurrentCorpus> corpus = corpus(arguments, session);
    corpus.filter(one -> isOwn(arguments)).ifPresent(one -> session.put(Slots.MEASURED, one));
    return of(arguments, bench, corpus, widest);
  }

  private static IntUnaryOperator logits(Workbench bench) {
    return length -> bench.model().config().dVocab();
  }

  /** How much of it there is, before any of it is read. */
  static Size size(Arguments arguments, Session session, Workbench bench) {
    return size(arguments, session, bench, logits(bench));
  }

  /** The same for another use than logits. */
  static Size size(Arguments arguments, Session session, Workbench bench, IntUnaryOperator widest) {
    try (MeasuredText text = of(arguments, bench, corpus(arguments, session), widest)) {
      return text.size;
    }
  }

  private static MeasuredText of(
      Arguments arguments,
      Workbench bench,
      Optional<CurrentCorpus> named,
      IntUnaryOperator widest) {
    if (named.isEmpty()) {
      int count = bench.batchCount();
      int all = bench.prompts().size();
      Size size = new Size(count, (all + count - 1) / count, bench.prompts().longest(), false);
      return new MeasuredText(
          bench.prompts().name(), () -> fingerprint(bench.prompts()), prompts(bench), size);
    }
    LanguageModel model = bench.model();
    CurrentCorpus corpus = named.get();
    int length = length(arguments, model.config());
    long tokens = arguments.get(TOKENS);
    CorpusBatches batches =
        new CorpusBatches(corpus.rows(model, length), length, tokens, widest.applyAsInt(length));
    long count = batches.count();
    int rows = (int) ((batches.rows() + count - 1) / count);
    return new MeasuredText(
        corpus.name(),
        () -> corpus.fingerprint() + ", " + tokens + " tokens in rows of " + length,
        batches,
        new Size(batches.count(), rows, length, true));
  }

  private static String fingerprint(PromptSet prompts) {
    StringBuilder ids = new StringBuilder();
    for (int[] row : prompts.ids(-1)) {
      ids.append(Arrays.toString(row));
    }
    return FileHash.sha256(ids.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The text that is named; none for the prompts. */
  private static Optional<CurrentCorpus> corpus(Arguments arguments, Session session) {
    if (!arguments.has(ON)) {
      return Optional.empty();
    }
    List<String> words = arguments.get(ON);
    boolean word = isWord(arguments);
    if (word && words.get(0).equals(SESSIONS)) {
      return Optional.of(session.get(Slots.CORPUS, "name it first: corpus \"text.jsonl.zst\""));
    }
    return Optional.of(
        word
            ? CurrentCorpus.sprig(SprigRecipe.HELD_OUT_SEED)
            : CurrentCorpus.of(files(arguments, words.stream().map(session::path).toList())));
  }

  /** Whether the text is the statement's own and not the session's. */
  private static boolean isOwn(Arguments arguments) {
    return !(isWord(arguments) && arguments.get(ON).get(0).equals(SESSIONS));
  }

  private static TextBatches prompts(Workbench bench) {
    return new TextBatches() {
      @Override
      public Iterator<Batch> batches() {
        return bench.batches();
      }

      @Override
      public int count() {
        return bench.batchCount();
      }
    };
  }

  /** What tells it from other texts. */
  String fingerprint() {
    return fingerprint.get();
  }

  /** What it is called in titles. */
  String name() {
    return name;
  }

  @Override
  public Iterator<Batch> batches() {
    return batches.batches();
  }

  @Override
  public int count() {
    return batches.count();
  }

  @Override
  public void close() {
    Optional.of(batches)
        .filter(CorpusBatches.class::isInstance)
        .map(CorpusBatches.class::cast)
        .ifPresent(CorpusBatches::close);
  }
}
