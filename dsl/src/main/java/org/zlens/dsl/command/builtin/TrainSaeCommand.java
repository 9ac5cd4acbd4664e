package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Capability;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.SiteNames;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.train.ActivationCache;
import org.zlens.engine.train.NamedRecipe;
import org.zlens.engine.train.RecipeChoices;
import org.zlens.engine.train.SaeFeed;
import org.zlens.engine.train.SaeJob;
import org.zlens.engine.train.SaeJobRun;
import org.zlens.engine.train.SaeNews;
import org.zlens.engine.train.SaeRecipe;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code train sae}: trains SAEs at sites of the model, all on the same forward passes. */
public final class TrainSaeCommand implements Command, Planned {
  private static final int PAPER_BATCH = 4096;

  /** Vectors of each site that are shuffled together, as in the paper's code. */
  private static final int PAPER_BUFFER = 384 * PAPER_BATCH;

  private static final List<Site> SITES_OF_LAYERS =
      Arrays.stream(Site.values()).filter(TrainSaeCommand::isTrainable).toList();

  private static final Parameter<List<List<Address>>> SITES =
      Parameter.of(
              "site",
              Types.listOf(Types.LAYER_OR_SITE),
              "layers such as L2 or L0..L3, or sites such as L2.mlp_out")
          .many();

  private static final Parameter<String> AT =
      Parameter.after(
              "at",
              "which",
              Types.choice(SITES_OF_LAYERS.stream().map(Site::shortName).toArray(String[]::new)),
              "the site of layers that stand without one")
          .orElse(Site.Z.shortName());

  private static final Parameter<SaeWidth> WIDTH =
      Parameter.after("width", "features", SaeWidth.TYPE, "features, or times the vectors' width")
          .orElse(new SaeWidth(32, true));

  private static final Parameter<Long> TOKENS =
      Parameter.after(
          "tokens", "count", Types.whole(1, 1L << 50), "tokens that each SAE is trained on");

  private static final Parameter<String> RECIPE =
      Parameter.after(
              "recipe",
              "name",
              Types.choice(
                  Arrays.stream(NamedRecipe.values())
                      .map(NamedRecipe::word)
                      .toArray(String[]::new)),
              "how they are trained")
          .orElse(NamedRecipe.PAPER.word());

  private static final Parameter<Double> SPARSITY =
      Parameter.after("sparsity", "weight", Types.positive(), "weight of the penalty in the loss")
          .optional();

  private static final Parameter<Integer> K =
      Parameter.after("k", "count", Types.count(), "active features, for the recipes that choose")
          .optional();

  private static final Parameter<Double> RATE =
      Parameter.after("rate", "number", Types.positive(), "full learning rate").optional();

  private static final Parameter<Integer> BATCH =
      Parameter.after("batch", "count", Types.count(), "vectors of a step").orElse(PAPER_BATCH);

  private static final Parameter<Integer> RESAMPLE =
      Parameter.after(
              "resample", "steps", Types.count(), "steps between resamplings of dead features")
          .optional();

  private static final Parameter<Integer> BUFFER =
      Parameter.after("buffer", "vectors", Types.count(), "vectors that are shuffled together")
          .optional();

  private static final Parameter<Integer> LENGTH =
      Parameter.after("length", "tokens", Types.count(), "tokens of a row of text").orElse(128);

  private static final Parameter<Integer> ROWS =
      Parameter.after("rows", "count", Types.count(), "rows of text of a forward pass").orElse(32);

  private static final Parameter<Long> SEED =
      Parameter.after(
              "seed",
              "number",
              Types.whole(0, Long.MAX_VALUE),
              "of weights and shuffles; the setting 'seed' without it")
          .optional();

  private static final Parameter<Integer> WORKERS =
      Parameter.after("workers", "count", Types.count(), "SAEs that take their step at once")
          .orElse(1);

  private static final Parameter<Integer> CHECKPOINT =
      Parameter.after("checkpoint", "steps", Types.count(), "steps between checkpoints")
          .orElse(1000);

  private static final Parameter<String> TO =
      Parameter.after("to", "folder", Types.PATH, "where SAEs and checkpoint go");

  private static final Parameter<String> CACHE =
      Parameter.after("cache", "folder", Types.PATH, "where vectors of forward passes are kept")
          .optional();

  private static final Parameter<Integer> GIGABYTES =
      Parameter.after("gigabytes", "count", Types.count(), "most that the cache may take")
          .orElse(16);

  private static final Parameter<Boolean> RESUME =
      Parameter.flag("resume", "go on from the checkpoint in the folder, if there is one");

  private static final Signature SIGNATURE =
      Signature.verb("train sae", Group.TRAIN, "train SAEs at sites of the model")
          .needs(Capability.WRITE_FILES)
          .details(details())
          .parameters(
              SITES,
              AT,
              WIDTH,
              TOKENS,
              RECIPE,
              SPARSITY,
              K,
              RATE,
              BATCH,
              RESAMPLE,
              BUFFER,
              LENGTH,
              ROWS,
              SEED,
              WORKERS,
              CHECKPOINT,
              TO,
              CACHE,
              GIGABYTES,
              RESUME)
          .result(ValueKind.TABLE)
          .example(
              "model sprig; train sae L1 width 64 tokens 2048 batch 256 to \"one\"",
              "an SAE on z of layer 1, in a few steps")
          .example(
              """
              model sprig
              train sae L1 width 64 tokens 1024 batch 256 to "first" cache "acts"
              train sae L1 width 96 tokens 1024 batch 256 to "wider" cache "acts\"""",
              "the second reads the passes of the first")
          .example(
              """
              model sprig
              train sae L0..L1 L2.mlp_out width 2x tokens 1024 recipe topk k 8 batch 256 to "three"
              sae "three\"""",
              "three SAEs from the same passes, attached")
          .build();

  private static String details() {
    StringBuilder text =
        new StringBuilder(
            """
            One forward pass feeds the SAEs of all sites. The first batches of the text are kept \
            apart, to measure the loss recovered. The SAEs are written as SAELens folders, in \
            a folder for each site, which say how they came to be. Ctrl-C leaves a checkpoint; the \
            same line with 'resume' goes on from it and ends with the same weights to the bit. \
            A 'cache' keeps the vectors of each forward pass for trainings on the same text, which \
            end with the same weights with it as without. \
            'training.html' in the folder shows loss, L0, dead features and loss recovered over the \
            tokens, and loads itself again while the training runs. \
            Periods of a recipe are shortened where the training is short. Recipes:""");
    for (NamedRecipe recipe : NamedRecipe.values()) {
      text.append(recipe.ordinal() == 0 ? " " : "; ")
          .append('\'')
          .append(recipe.word())
          .append("', ")
          .append(recipe.about());
    }
    return text.append('.').toString();
  }

  private static boolean isTrainable(Site site) {
    return switch (site) {
      case Q, K, V, Z, RESID_PRE, RESID_MID, RESID_POST, ATTN_OUT, MLP_OUT, PRE, POST -> true;
      case LN1_NORMALIZED, LN2_NORMALIZED -> true;
      default -> false;
    };
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireModel(forecast);
    forecast.ask(EngineFacts.CONFIG).value().ifPresent(config -> checkAgainst(config, arguments));
  }

  private static void checkAgainst(ModelConfig config, Arguments arguments) {
    if (arguments.isKnown(SITES) && arguments.isKnown(AT)) {
      List<Location> sites = locations(arguments, config);
      for (Parameter<?> parameter : SIGNATURE.parameters()) {
        if (!arguments.isKnown(parameter)) {
          return;
        }
      }
      recipes(arguments, config, sites, 0);
      length(arguments, config);
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    LanguageModel model = Workbench.of(session).model();
    ModelConfig config = model.config();
    long seed = arguments.find(SEED).orElseGet(() -> session.settings().get(Settings.SEED));
    List<Location> sites = locations(arguments, config);
    Map<Location, SaeRecipe> recipes = recipes(arguments, config, sites, seed);
    TrainingText text = TrainingText.of(session, model, length(arguments, config));
    long vectors = arguments.get(TOKENS);
    int batch = arguments.get(BATCH);
    int buffer = buffer(arguments);
    Optional<ActivationCache> cache =
        arguments
            .find(CACHE)
            .map(
                folder ->
                    new ActivationCache(
                        session.output(folder), (long) arguments.get(GIGABYTES) << 30, model));
    SaeJob job =
        new SaeJob(
            model,
            recipes,
            new SaeFeed(text.rows(), arguments.get(ROWS), buffer, seed, cache),
            length(arguments, config),
            vectors,
            arguments.get(WORKERS),
            session.output(arguments.get(TO)),
            arguments.get(CHECKPOINT),
            text.notes());
    text.note().ifPresent(session.listener()::onNote);
    return table(
        SaeJobRun.run(
            job,
            arguments.get(RESUME),
            news -> {
              session.cancellation().poll();
              session.listener().onProgress(line(news), news.step(), news.steps());
            }),
        cache);
  }

  private static int buffer(Arguments arguments) {
    long usual = Math.max(2L * arguments.get(BATCH), arguments.get(TOKENS) / 4);
    return arguments.find(BUFFER).orElse((int) Math.min(PAPER_BUFFER, usual));
  }

  private static List<Location> locations(Arguments arguments, ModelConfig config) {
    SiteNames names = new SiteNames(config);
    List<Location> all = new ArrayList<>();
    for (Address address : arguments.get(SITES).stream().flatMap(List::stream).toList()) {
      String name =
          address instanceof Address.Layer layer
              ? layer.text() + "." + arguments.get(AT)
              : address.text();
      Location at;
      try {
        at = names.location(name);
      } catch (ZlensException e) {
        throw arguments.fault(SITES, e.kind(), e.getMessage(), e.hint());
      }
      if (!isTrainable(at.site())) {
        throw arguments.fault(
            SITES,
            Kind.TYPE,
            "an SAE cannot be trained at '" + at.site().shortName() + "'",
            "SAEs read z, resid_pre, mlp_out and the other vectors of a position");
      }
      if (all.contains(at)) {
        throw arguments.fault(SITES, Kind.TYPE, at.shortName() + " stands there twice", null);
      }
      all.add(at);
    }
    return all;
  }

  private static int length(Arguments arguments, ModelConfig config) {
    int length = arguments.has(LENGTH) ? arguments.get(LENGTH) : Math.min(128, config.context());
    if (length > config.context() || length < 2) {
      throw arguments.fault(
          LENGTH,
          Kind.TYPE,
          "rows of " + length + " tokens do not fit the context of " + config.context(),
          "a row has from 2 tokens to as many as the context");
    }
    return length;
  }

  private static Map<Location, SaeRecipe> recipes(
      Arguments arguments, ModelConfig config, List<Location> sites, long seed) {
    NamedRecipe named = NamedRecipe.of(arguments.get(RECIPE));
    long vectors = arguments.get(TOKENS);
    int batch = arguments.get(BATCH);
    if (vectors < batch) {
      throw arguments.fault(
          TOKENS,
          Kind.TYPE,
          vectors + " tokens do not make one step of " + batch,
          "give more tokens, or a smaller 'batch'");
    }
    Map<Location, SaeRecipe> recipes = new LinkedHashMap<>();
    for (Location at : sites) {
      int inputs = at.site().vectorWidth(config);
      long width = arguments.get(WIDTH).of(inputs);
      if (width * inputs > Integer.MAX_VALUE / 4) {
        throw arguments.fault(
            WIDTH, Kind.TYPE, width + " features of " + inputs + " values are too many", null);
      }
      try {
        recipes.put(
            at,
            named.of(
                new RecipeChoices(
                    (int) width,
                    inputs,
                    vectors,
                    arguments.find(SPARSITY),
                    arguments.find(K),
                    arguments.find(RATE),
                    batch,
                    arguments.find(RESAMPLE),
                    seed)));
      } catch (ZlensException e) {
        throw arguments.fault(RECIPE, e.kind(), e.getMessage(), e.hint());
      }
    }
    return recipes;
  }

  private static String line(SaeNews news) {
    double loss = 0;
    double active = 0;
    double dead = 0;
    double recovered = 0;
    for (SaeNews.Site site : news.sites().values()) {
      loss += site.progress().loss() / news.sites().size();
      active += site.progress().activeFeatures() / news.sites().size();
      dead += site.deadShare() / news.sites().size();
      recovered += site.lossRecovered() / news.sites().size();
    }
    String known =
        Double.isNaN(recovered)
            ? ""
            : String.format(Locale.ROOT, ", CE recovered %.0f %%", 100 * recovered);
    return String.format(
        Locale.ROOT,
        "loss %.3g, L0 %.1f, dead %.0f %%%s, %.0f tokens/s",
        loss,
        active,
        100 * dead,
        known,
        news.vectorsPerSecond());
  }

  private static TableValue table(List<SaeJobRun.Result> results, Optional<ActivationCache> cache) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "measured on "
            + results.get(0).quality().tokens()
            + " tokens that were not trained on; error is that of the last step");
    cache.ifPresent(used -> notes.add(used.summary()));
    StringColumn site = StringColumn.create("site");
    IntColumn features = IntColumn.create("features");
    DoubleColumn error = DoubleColumn.create("error");
    DoubleColumn active = DoubleColumn.create("L0");
    DoubleColumn dead = DoubleColumn.create("dead");
    DoubleColumn recovered = DoubleColumn.create("loss_recovered");
    DoubleColumn clean = DoubleColumn.create("loss");
    DoubleColumn spliced = DoubleColumn.create("loss_spliced");
    DoubleColumn zero = DoubleColumn.create("loss_zero");
    StringColumn folder = StringColumn.create("folder");
    for (SaeJobRun.Result result : results) {
      site.append(result.location().shortName());
      features.append(result.recipe().width());
      if (result.last() == null) {
        error.appendMissing();
      } else {
        error.append(result.last().error());
      }
      active.append(result.quality().activeFeatures());
      dead.append(result.quality().deadShare());
      recovered.append(result.quality().lossRecovered());
      clean.append(result.quality().cleanLoss());
      spliced.append(result.quality().splicedLoss());
      zero.append(result.quality().zeroLoss());
      folder.append(result.folder().getFileName().toString());
    }
    return new TableValue(
        Table.create(
            "trained SAEs",
            site,
            features,
            error,
            active,
            dead,
            recovered,
            clean,
            spliced,
            zero,
            folder),
        Map.of("loss", "nats", "loss_spliced", "nats", "loss_zero", "nats"),
        notes);
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    ModelConfig config = Workbench.of(session).model().config();
    long seed = arguments.find(SEED).orElseGet(() -> session.settings().get(Settings.SEED));
    List<Location> sites = locations(arguments, config);
    long vectors = arguments.get(TOKENS);
    int batch = arguments.get(BATCH);
    Cost step = Cost.NONE;
    long held = 0;
    for (Map.Entry<Location, SaeRecipe> one : recipes(arguments, config, sites, seed).entrySet()) {
      int inputs = one.getKey().site().vectorWidth(config);
      int width = one.getValue().width();
      step = step.plus(TrainingCost.step(batch, width, inputs));
      held +=
          TrainingCost.bytes(batch, width, inputs)
              + (long) Float.BYTES * buffer(arguments) * inputs;
    }
    long steps = vectors / batch;
    int together = Math.min(arguments.get(WORKERS), sites.size());
    return new TrainingCost(config, arguments.get(ROWS), length(arguments, config), sites)
        .passes(vectors, steps)
        .with(step.times((double) steps / together))
        .holding(held);
  }

  @Override
  public boolean wantsPrompts(Arguments arguments) {
    return false;
  }
}
