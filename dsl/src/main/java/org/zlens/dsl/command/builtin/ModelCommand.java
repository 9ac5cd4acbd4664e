package org.zlens.dsl.command.builtin;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.FileCandidates;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.CurrentModel;
import org.zlens.dsl.command.engine.CurrentSaes;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.HubNames;
import org.zlens.dsl.command.engine.ModelSource;
import org.zlens.dsl.command.engine.ModelTable;
import org.zlens.dsl.command.engine.Revisions;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.FileAccess;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hub.HubAddress;
import org.zlens.engine.hub.Snapshot;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Torch;
import org.zlens.engine.sae.SaeLoader;

/** {@code model}: loads the model that everything after it works on. */
public final class ModelCommand implements Command {
  private static final String LIBRARY = "libtorch";

  /** What is counted are megabytes. */
  static final String DOWNLOAD = "download, MB";

  private static final Parameter<String> NAME =
      Parameter.of("name", Types.NAME, "'sprig', a known name, hf:owner/name or a folder")
          .optional();

  private static final Parameter<String> REVISION =
      Parameter.after(
              Revisions.WORD,
              "revision",
              Types.NAME,
              "a branch, tag or commit of a model on the hub")
          .optional();

  private static final Parameter<Boolean> UPDATE =
      Parameter.flag(
          "update", "ask the hub where its branch leads now, also if it is in the cache");

  private static final Parameter<Set<WeightStep>> PROCESSING =
      Parameter.after(
              "processing",
              "steps",
              new ProcessingType(),
              "what is done to the weights: 'default', 'none', or a list of steps")
          .orElse(WeightStep.all());

  private static final Signature SIGNATURE =
      Signature.verb("model", Group.SET_UP, "load the model to work on, or show the one there is")
          .details(
              """
              The name is 'sprig', the model inside this program; one that researchers know \
              ('hub models' lists them); hf:owner/name or hf:owner/name@revision for any other on the \
              Hugging Face hub; or the path of a Hugging Face folder (config.json, \
              model.safetensors, tokenizer.json) in double quotes. What comes from the hub is taken \
              from the cache that other programs fill too (HF_HOME, HF_HUB_CACHE), and downloaded \
              into it only if it is not there, as its branch was then; --offline forbids that. Weights \
              are processed as TransformerLens does by default (fold_ln, center_writing_weights, \
              center_unembed, fold_value_biases), which leaves the predictions as they are; \
              'processing none' keeps them as stored. A new model takes its prompts and SAEs with \
              it: those of the one before are gone. sprig brings its own SAEs, read at first use. The \
              weights of a layer are read when something first runs through it; processed ones are \
              kept for the next time, in the cache folder or where ZLENS_WEIGHT_CACHE says.""")
          .parameters(NAME, PROCESSING, REVISION, UPDATE)
          .result(ValueKind.TABLE)
          .columns(
              "model",
              "architecture",
              "layers",
              "heads",
              "d_model",
              "d_head",
              "d_mlp",
              "vocabulary",
              "context",
              "processing",
              "sha256")
          .example("model sprig", "the embedded model, with its SAEs")
          .example("model sprig processing none; sites", "the same with the weights as stored")
          .example(
              "model sprig processing [fold_ln, center_unembed]", "two of the processing steps")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (!arguments.has(NAME)) {
      if (arguments.has(PROCESSING)) {
        throw arguments.fault(
            PROCESSING, Kind.TYPE, "'processing' needs the name of a model", "model sprig ...");
      }
      if (arguments.has(REVISION)) {
        throw arguments.fault(
            REVISION, Kind.TYPE, "'revision' needs the name of a model", "model gpt2-small ...");
      }
      EngineFacts.requireModel(forecast);
      return;
    }
    EngineFacts.denyPrompts(forecast);
    EngineFacts.denySaes(forecast);
    if (!arguments.isKnown(NAME)
        || !arguments.isKnown(PROCESSING)
        || !arguments.isKnown(REVISION)) {
      EngineFacts.forgetModel(forecast);
      EngineFacts.forgetSaes(forecast);
      return;
    }
    String name = arguments.get(NAME);
    Set<WeightStep> steps = arguments.get(PROCESSING);
    ModelConfig config;
    try {
      ModelSource source = source(arguments, forecast.files());
      if (!source.isThere()) {
        // A line above may be about to write it, or this one will fetch it; the run will tell.
        EngineFacts.forgetModel(forecast);
        return;
      }
      config = ModelLoader.config(name, source.folder(), steps);
    } catch (ZlensException e) {
      throw arguments.fault(NAME, e.kind(), e.getMessage(), e.hint());
    }
    EngineFacts.knowModel(forecast, name, config);
    if (bringsSaes(name, steps)) {
      CurrentSaes.foretell(forecast, SaeLoader.sprigSizes(config.layers()));
    }
  }

  @Override
  public List<Candidate> complete(
      Parameter<?> parameter, List<String> written, String typed, Forecast forecast) {
    if (parameter != NAME) {
      return Command.super.complete(parameter, written, typed, forecast);
    }
    List<Candidate> all = new ArrayList<>();
    all.add(new Candidate(ModelLoader.SPRIG, "the model inside this program"));
    HubNames.models().forEach((name, about) -> all.add(new Candidate(name, about)));
    all.addAll(
        FileCandidates.of(
            forecast, typed, file -> Files.isRegularFile(file.resolve("config.json"))));
    return all;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    if (arguments.has(NAME)) {
      load(arguments, session);
    }
    return ModelTable.of(
        session.get(Slots.MODEL, "load one first: model sprig"),
        session.find(Slots.SAES).map(CurrentSaes::sizes));
  }

  private static void load(Arguments arguments, Session session) {
    // It takes longest. A check does not start it: that would slow down the check, as whoever first
    // calls another native method while the library is loaded waits for it.
    Torch.startEarly();
    String name = arguments.get(NAME);
    Set<WeightStep> steps = arguments.get(PROCESSING);
    LanguageModel model;
    ModelSource source;
    try {
      source = source(arguments, session.files()).fetched(Workbench.progress(session, DOWNLOAD));
      Progress progress = Workbench.progress(session, "model");
      model =
          ModelLoader.load(
              name,
              source.folder(),
              source.tokenizerFolder(),
              steps,
              session.files().weights(),
              progress);
    } catch (ZlensException e) {
      if (e.kind() == Kind.INTERRUPTED) {
        throw e;
      }
      String hint = e.hint();
      if (!HubAddress.isAddress(name)) {
        List<String> names = new ArrayList<>(HubNames.ofModels());
        names.add(ModelLoader.SPRIG);
        names.remove(name);
        hint = Suggestion.didYouMean(name, names, hint);
      }
      throw arguments.fault(NAME, e.kind(), e.getMessage(), hint);
    }
    Snapshot origin = origin(arguments, source, model);
    if (!session.versions().containsKey(LIBRARY)) {
      session.addVersion(LIBRARY, Torch.version());
      Torch.setThreads(Math.toIntExact(session.settings().get(Settings.THREADS)));
      session.settings().onChange(Settings.THREADS, n -> Torch.setThreads(Math.toIntExact(n)));
    }
    session.clear(Slots.SAES);
    session.clear(Slots.PROMPTS);
    session.put(Slots.MODEL, new CurrentModel(model, origin, source.tokenizerOrNull()));
    if (origin != null) {
      session.recordAs(call -> Revisions.pinned(call, origin.commit()));
    }
    if (bringsSaes(name, steps)) {
      int layers = model.config().layers();
      session.put(
          Slots.SAES,
          new CurrentSaes(model, SaeLoader.sprigSizes(layers), () -> SaeLoader.sprig(layers)));
    }
  }

  private static Snapshot origin(Arguments arguments, ModelSource source, LanguageModel model) {
    try {
      return source.intact(model);
    } catch (ZlensException e) {
      model.close();
      throw arguments.fault(NAME, e.kind(), e.getMessage(), e.hint());
    }
  }

  private static ModelSource source(Arguments arguments, FileAccess files) {
    String name = arguments.get(NAME);
    String revision = arguments.find(REVISION).orElse(null);
    ModelSource source = ModelSource.of(name, revision, arguments.get(UPDATE), files);
    if (!source.isOnHub() && (revision != null || arguments.get(UPDATE))) {
      throw arguments.fault(
          revision == null ? UPDATE : REVISION,
          Kind.TYPE,
          "'"
              + (revision == null ? "update" : Revisions.WORD)
              + "' is of models on the hub, and this is none",
          null);
    }
    return source;
  }

  /** The embedded SAEs are trained on processed weights and say nothing of others. */
  private static boolean bringsSaes(String name, Set<WeightStep> steps) {
    return name.equals(ModelLoader.SPRIG) && steps.equals(WeightStep.all());
  }
}
