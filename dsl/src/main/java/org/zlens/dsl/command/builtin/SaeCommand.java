package org.zlens.dsl.command.builtin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Fact;
import org.zlens.dsl.command.FileCandidates;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Known;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.CurrentModel;
import org.zlens.dsl.command.engine.CurrentSaes;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.HubNames;
import org.zlens.dsl.command.engine.Revisions;
import org.zlens.dsl.command.engine.SiteNames;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.FileAccess;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hub.HubAddress;
import org.zlens.engine.hub.HubRegistry;
import org.zlens.engine.hub.HubSaes;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.sae.LoadedSae;
import org.zlens.engine.sae.LoadedTranscoder;
import org.zlens.engine.sae.SaeLoader;
import org.zlens.engine.sae.SaeSource;
import org.zlens.engine.sae.Transcoder;
import org.zlens.engine.sae.TranscoderLoader;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code sae}: attaches SAEs to the model, or lists those attached. */
public final class SaeCommand implements Command {
  private static final int HASH_SHOWN = 12;

  /** Instead of the digest of a file of which only the head was read. */
  private static final String NOT_READ = "not read yet";

  private static final List<String> FILES = List.of(".safetensors", ".pt", ".npz");

  private static final Parameter<String> SOURCE =
      Parameter.of("source", Types.PATH, "'sprig', a known release, hf:owner/name/path or a path")
          .optional();

  private static final Parameter<Address.Site> AT =
      Parameter.after(
              "at",
              "site",
              Types.SITE,
              "which SAE of a release; the site, for files that name none")
          .optional();

  private static final Parameter<String> REVISION =
      Parameter.after(
              Revisions.WORD, "revision", Types.NAME, "a branch, tag or commit of SAEs on the hub")
          .optional();

  private static final Parameter<Boolean> UPDATE =
      Parameter.flag(
          "update", "ask the hub where their branch leads now, also if they are in the cache");

  private static final Signature SIGNATURE =
      Signature.verb("sae", Group.SET_UP, "attach SAEs to the model, or list those attached")
          .details(
              """
              A release is one that researchers know ('hub saes' lists them): all of its SAEs are \
              attached, or with 'at' the one of a site, after being downloaded into the cache of the \
              Hugging Face hub if they are not there. Any other on the hub is named by \
              hf:owner/name/path or hf:owner/name@revision/path.

              Reads SAELens folders, the files of the attention-SAE paper and of Bloom, \
              dictionary_learning and Gemma Scope; a path stands in double quotes. A folder of SAEs \
              stands for all of them. So do transcoders, which stand for an MLP and through which \
              'rdfa ... mlps' goes: SAELens folders, those of sparsify, and circuit-tracer's files \
              layer_N.safetensors; 'at' names the site that they read. Weights of SAEs stay in their files until something needs them, and so \
              does the digest of the files. An SAE of \
              another width or site than the model's is refused. One trained on weights that were \
              processed otherwise is converted, which a line below the table tells, or refused \
              where that cannot be done. Where an SAE has as many features as its vectors have \
              components, its matrices are read the way round that reconstructs the model's vectors, \
              which a line below the table tells, and it is refused if none does. An SAE replaces \
              the one at its site.""")
          .parameters(SOURCE, AT, REVISION, UPDATE)
          .result(ValueKind.TABLE)
          .columns("site", "hook", "d_in", "features", "trained_on", "format", "source", "sha256")
          .example("model sprig; sae", "the SAEs that come with sprig")
          .example("model sprig; sae sprig | where site = \"L2.z\"", "one row of them")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireModel(forecast);
    if (!arguments.has(SOURCE)) {
      if (arguments.has(AT)) {
        throw arguments.fault(AT, Kind.TYPE, "'at' needs the file of an SAE", null);
      }
      if (arguments.has(REVISION)) {
        throw arguments.fault(REVISION, Kind.TYPE, "'revision' needs the name of SAEs", null);
      }
      return;
    }
    if (!arguments.isKnown(SOURCE) || !arguments.isKnown(AT) || !arguments.isKnown(REVISION)) {
      EngineFacts.forgetSaes(forecast);
      return;
    }
    String source = arguments.get(SOURCE);
    // Refuses what is said of the hub where these are not on it.
    boolean hub = isOnHub(arguments, forecast.files());
    Known<Integer> layers = forecast.ask(Fact.LAYERS);
    if (source.equals(ModelLoader.SPRIG) && layers.value().isPresent()) {
      foretell(forecast, SaeLoader.sprigSizes(layers.value().get()));
      return;
    }
    Map<Location, Integer> sizes = Map.of();
    try {
      sizes = hub ? sizes(arguments, forecast) : SaeLoader.sizes(forecast.files().input(source));
    } catch (ZlensException e) {
      throw arguments.fault(SOURCE, e.kind(), e.getMessage(), e.hint());
    }
    if (sizes.isEmpty()) {
      EngineFacts.forgetSaes(forecast);
    } else {
      foretell(forecast, sizes);
    }
  }

  private static Map<Location, Integer> sizes(Arguments arguments, Forecast forecast) {
    // Refused here where it will be: before anything runs.
    forecast.files().hub();
    return HubSaes.sizes(arguments.get(SOURCE), site(arguments));
  }

  /** Whether a source is on the hub: a file or folder goes before a name that is known. */
  private static boolean isOnHub(Arguments arguments, FileAccess files) {
    String source = arguments.get(SOURCE);
    boolean hub =
        HubAddress.isAddress(source) || HubSaes.knows(source) && !Files.exists(files.input(source));
    if (!hub && (arguments.has(REVISION) || arguments.get(UPDATE))) {
      throw arguments.fault(
          SOURCE,
          Kind.TYPE,
          "'revision' and 'update' are of SAEs on the hub, and these are not",
          null);
    }
    return hub;
  }

  /** The site that is asked for, of which no model has been asked yet; null if none is. */
  private static Location site(Arguments arguments) {
    return arguments.find(AT).flatMap(site -> Location.parse(site.text())).orElse(null);
  }

  /** Adds SAEs to what is known of those there are. */
  private static void foretell(Forecast forecast, Map<Location, Integer> sizes) {
    Known<Map<Location, Integer>> before = forecast.ask(EngineFacts.SAES);
    if (!before.isKnown()) {
      return;
    }
    Map<Location, Integer> all = new LinkedHashMap<>(before.value().orElse(Map.of()));
    all.putAll(sizes);
    CurrentSaes.foretell(forecast, all);
  }

  @Override
  public List<Candidate> complete(
      Parameter<?> parameter, List<String> written, String typed, Forecast forecast) {
    if (parameter != SOURCE) {
      return Command.super.complete(parameter, written, typed, forecast);
    }
    List<Candidate> all = new ArrayList<>();
    all.add(new Candidate(ModelLoader.SPRIG, "the SAEs of the model inside this program"));
    HubNames.saes().forEach((name, about) -> all.add(new Candidate(name, about)));
    all.addAll(FileCandidates.of(forecast, typed, SaeCommand::mayHoldSae));
    return all;
  }

  private static boolean mayHoldSae(Path file) {
    String name = file.getFileName().toString();
    return FILES.stream().anyMatch(name::endsWith)
        || Files.isRegularFile(file.resolve("cfg.json"))
        || Files.isRegularFile(file.resolve("config.json"));
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    LanguageModel model = Workbench.of(session).model();
    CurrentSaes saes = session.find(Slots.SAES).orElseGet(() -> new CurrentSaes(model));
    if (arguments.has(SOURCE)) {
      try {
        attach(arguments, session, saes, model);
      } catch (ZlensException e) {
        throw arguments.fault(SOURCE, e.kind(), e.getMessage(), e.hint());
      } finally {
        // Also what was attached before an error has an owner then.
        session.put(Slots.SAES, saes);
      }
    }
    Optional<String> identity = session.find(Slots.MODEL).flatMap(CurrentModel::identity);
    return table(model, saes)
        .withNotes(identity.map(own -> others(own, saes)).orElse(List.of()))
        .withNotes(saes.orientations());
  }

  private static void attach(
      Arguments arguments, Session session, CurrentSaes saes, LanguageModel model) {
    String source = arguments.get(SOURCE);
    Location at =
        arguments
            .find(AT)
            .map(site -> new SiteNames(model.config()).location(site.text()))
            .orElse(null);
    if (source.equals(ModelLoader.SPRIG)) {
      if (at != null) {
        throw arguments.fault(AT, Kind.TYPE, "the SAEs of sprig name their sites", null);
      }
      saes.attachAll(SaeLoader.sprig(model.config().layers()));
      return;
    }
    if (isOnHub(arguments, session.files())) {
      Progress progress = Workbench.progress(session, ModelCommand.DOWNLOAD);
      String revision = arguments.find(REVISION).orElse(null);
      List<LoadedSae> fetched =
          new HubSaes(session.files().hub())
              .open(source, revision, at, arguments.get(UPDATE), progress);
      String commit = HubAddress.parse(fetched.get(0).name()).revision();
      saes.attachAll(fetched);
      session.recordAs(call -> Revisions.pinned(call, commit));
      return;
    }
    Path path = session.path(source);
    if (!Files.exists(path)) {
      throw new ZlensException(
          Kind.DATA,
          "no SAE " + Quoted.of(source) + ": no such file or folder",
          Suggestion.didYouMean(
              source, HubNames.ofSaes(), "'hub saes' lists those that are known"));
    }
    List<Path> transcoders = TranscoderLoader.parts(path);
    if (transcoders.isEmpty() || SaeLoader.hasSaes(path)) {
      saes.attachAll(
          SaeLoader.loadAll(path, at == null ? null : at.canonical()).stream()
              .map(one -> one.named(called(source, path, one.name())))
              .toList());
    }
    saes.attachTranscoders(
        TranscoderLoader.load(transcoders, at).stream()
            .map(one -> one.named(called(source, path, one.name())))
            .toList());
  }

  /**
   * What a file below a path is called by whom calls that path so: results are the same wherever
   * the session's folder lies, and where a replay keeps what it writes.
   */
  private static String called(String source, Path path, String file) {
    return Path.of(source).resolve(path.relativize(Path.of(file))).toString();
  }

  private static TableValue table(LanguageModel model, CurrentSaes saes) {
    StringColumn site = StringColumn.create("site");
    StringColumn hook = StringColumn.create("hook");
    IntColumn width = IntColumn.create("d_in");
    IntColumn features = IntColumn.create("features");
    StringColumn basis = StringColumn.create("trained_on");
    StringColumn format = StringColumn.create("format");
    StringColumn source = StringColumn.create("source");
    StringColumn hash = StringColumn.create("sha256");
    for (LoadedSae one : saes.all()) {
      site.append(one.sae().location().shortName());
      hook.append(one.sae().location().canonical());
      width.append(one.sae().width());
      features.append(one.sae().features());
      basis.append(one.config().basis().words());
      format.append(one.config().source().format());
      source.append(one.name());
      hash.append(digest(one.config().source()));
    }
    for (LoadedTranscoder one : saes.transcoders()) {
      Transcoder transcoder = one.transcoder();
      site.append(one.sites());
      hook.append(transcoder.input().canonical() + " to " + transcoder.output().canonical());
      width.append(Math.toIntExact(transcoder.wEnc().size(0)));
      features.append(transcoder.features());
      basis.append(one.basis().words());
      format.append(one.source().format());
      source.append(one.name());
      hash.append(digest(one.source()));
    }
    String title = "SAEs of " + model.name();
    return new TableValue(
        Table.create(title, site, hook, width, features, basis, format, source, hash),
        Map.of(),
        notes(saes));
  }

  private static String digest(SaeSource source) {
    return source.digest().ifKnown().map(SaeCommand::shown).orElse(NOT_READ);
  }

  private static String shown(String sha256) {
    return sha256.substring(0, Math.min(HASH_SHOWN, sha256.length()));
  }

  /**
   * Which SAEs say that they are of another model: those of a base model are good for its chat
   * model, and those of one that happens to have the same width are good for nothing.
   */
  private static List<String> others(String identity, CurrentSaes saes) {
    Map<String, String> sites = new LinkedHashMap<>();
    for (LoadedSae one : saes.all()) {
      String name = one.config().modelName();
      if (!name.isBlank() && !HubRegistry.identity(name).equals(identity)) {
        sites.merge(name, one.sae().location().shortName(), (some, more) -> some + ", " + more);
      }
    }
    return sites.entrySet().stream()
        .map(
            entry ->
                "trained on another model: "
                    + Quoted.of(entry.getKey())
                    + ", not "
                    + identity
                    + " ("
                    + entry.getValue()
                    + ")")
        .toList();
  }

  /** What was done to SAEs of other weights so that they fit, or that there are none. */
  private static List<String> notes(CurrentSaes saes) {
    List<LoadedSae> all = saes.all();
    if (all.isEmpty() && saes.transcoders().isEmpty()) {
      return List.of("no SAEs are attached: sae sprig, or sae \"folder\"");
    }
    Map<String, String> sites = new LinkedHashMap<>();
    for (LoadedSae one : all) {
      if (!one.sae().conversion().isEmpty()) {
        String what = one.sae().conversion().replaceFirst(" \\(norm .*\\)", "");
        sites.merge(what, one.sae().location().shortName(), (some, more) -> some + ", " + more);
      }
    }
    return sites.entrySet().stream()
        .map(entry -> "converted: " + entry.getKey() + " (" + entry.getValue() + ")")
        .toList();
  }
}
