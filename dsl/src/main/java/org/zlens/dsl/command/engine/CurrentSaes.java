package org.zlens.dsl.command.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.zlens.dsl.command.Fact;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.SessionObject;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.io.FileHash;
import org.zlens.engine.measure.ProbeText;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.LoadedSae;
import org.zlens.engine.sae.LoadedTranscoder;
import org.zlens.engine.sae.Orientation;
import org.zlens.engine.sae.SaeSet;

/**
 * The SAEs of the session's model, which it owns.
 *
 * <p>SAEs that come with a model are known by their sizes at once and read when something first
 * asks for them, so that whoever only wants logits does not wait for them. That may happen on a
 * thread beside the one that asks for their sizes.
 */
public final class CurrentSaes implements SessionObject {
  private final LanguageModel model;
  private final SaeSet set;
  private final Map<Location, String> orientations = new LinkedHashMap<>();
  private final Map<Location, LoadedSae> loaded = new LinkedHashMap<>();
  private final Map<Integer, LoadedTranscoder> transcoders = new TreeMap<>();
  private Map<Location, Integer> awaitedSizes = Map.of();
  private Supplier<List<LoadedSae>> awaited;
  private boolean asTheyCame;

  /** No SAEs yet, for a model that stays with its owner. */
  public CurrentSaes(LanguageModel model) {
    this.model = model;
    this.set = new SaeSet(model.transformer(), model.processing());
  }

  /**
   * SAEs to be read at first use.
   *
   * @param sizes number of features by location, known without reading them
   */
  public CurrentSaes(
      LanguageModel model, Map<Location, Integer> sizes, Supplier<List<LoadedSae>> reader) {
    this(model);
    awaitedSizes = Map.copyOf(sizes);
    awaited = reader;
    asTheyCame = true;
  }

  /** The SAEs, read from their files if that has not happened yet. */
  public synchronized SaeSet set() {
    if (awaited != null) {
      List<LoadedSae> all = awaited.get();
      awaited = null;
      awaitedSizes = Map.of();
      attach(all);
    }
    return set;
  }

  /**
   * Takes over SAEs from files; those whose shapes leave open which way round their matrices stand
   * are turned as they reconstruct best. The first that does not belong to the model is an error;
   * it and those after it are closed.
   */
  public synchronized void attachAll(List<LoadedSae> some) {
    set();
    asTheyCame = false;
    Deque<LoadedSae> waiting = new ArrayDeque<>(some);
    try {
      while (!waiting.isEmpty()) {
        LoadedSae one = waiting.peek();
        Location at = one.sae().location();
        if (Orientation.isOpen(one.sae()) && isHere(at, one.sae().width())) {
          Orientation.Settled settled = settled(one);
          waiting.poll().sae().close();
          waiting.addFirst(settled.sae());
          attach(List.of(waiting.poll()));
          orientations.put(at, settled.note());
        } else {
          attach(List.of(waiting.poll()));
          orientations.remove(at);
        }
      }
    } finally {
      waiting.forEach(one -> one.sae().close());
    }
  }

  /**
   * Takes over transcoders of MLPs. The first that does not belong to the model is an error; it and
   * those after it are closed.
   */
  public synchronized void attachTranscoders(List<LoadedTranscoder> some) {
    set();
    asTheyCame = false;
    Deque<LoadedTranscoder> waiting = new ArrayDeque<>(some);
    try {
      while (!waiting.isEmpty()) {
        LoadedTranscoder one = waiting.peek();
        set.attach(one.transcoder(), one.basis());
        transcoders.put(one.transcoder().output().layer(), waiting.poll());
      }
    } finally {
      waiting.forEach(one -> one.transcoder().close());
    }
  }

  /** The transcoders, by layer, with where each came from. */
  public synchronized List<LoadedTranscoder> transcoders() {
    return List.copyOf(transcoders.values());
  }

  /** Whether the model has vectors for an SAE; if not, attaching it tells what is wrong. */
  private boolean isHere(Location at, int width) {
    return at.layer() < model.config().layers() && set.width(at.site()) == width;
  }

  private Orientation.Settled settled(LoadedSae one) {
    try (Scope scope = Scope.open()) {
      return Orientation.settle(model.transformer(), model.processing(), one, ProbeText.of(model));
    }
  }

  /** What was found of SAEs whose shapes leave open which way round their matrices stand. */
  public synchronized List<String> orientations() {
    return List.copyOf(orientations.values());
  }

  private void attach(List<LoadedSae> some) {
    Deque<LoadedSae> waiting = new ArrayDeque<>(some);
    try {
      while (!waiting.isEmpty()) {
        LoadedSae one = waiting.peek();
        set.attach(one.sae());
        loaded.put(one.sae().location(), waiting.poll());
      }
    } finally {
      waiting.forEach(one -> one.sae().close());
    }
  }

  /** What was attached, in order, with where each came from. */
  public synchronized List<LoadedSae> all() {
    set();
    return List.copyOf(loaded.values());
  }

  /** Number of features by location; reads nothing. */
  public synchronized Map<Location, Integer> sizes() {
    Map<Location, Integer> sizes = new LinkedHashMap<>(awaitedSizes);
    loaded.forEach((location, one) -> sizes.put(location, one.sae().features()));
    return sizes;
  }

  @Override
  public void foretell(Forecast forecast) {
    if (sizes().isEmpty() && !transcoders().isEmpty()) {
      // There is something to list, which is not told by the sizes of SAEs.
      EngineFacts.forgetSaes(forecast);
    } else {
      foretell(forecast, sizes());
    }
  }

  /** Tells a forecast of SAEs by their sizes. */
  public static void foretell(Forecast forecast, Map<Location, Integer> sizes) {
    forecast.know(EngineFacts.SAES, Map.copyOf(sizes));
    forecast.know(Fact.FEATURES, at(Site.Z, sizes));
    forecast.know(Fact.RESIDUAL_FEATURES, at(Site.RESID_PRE, sizes));
  }

  private static Map<Integer, Integer> at(Site site, Map<Location, Integer> sizes) {
    Map<Integer, Integer> byLayer = new TreeMap<>();
    sizes.forEach(
        (location, size) -> {
          if (location.site() == site) {
            byLayer.put(location.layer(), size);
          }
        });
    return byLayer;
  }

  /** The SAEs whose weights have been read, no result hangs on others; and the transcoders. */
  @Override
  public synchronized List<ProvenanceInput> inputs() {
    return Stream.concat(
            loaded.values().stream()
                .filter(one -> one.sae().isLoaded())
                .map(one -> input(one, one.sha256())),
            transcoders.values().stream().map(one -> input(one, one.source().sha256())))
        .toList();
  }

  /**
   * Which SAEs there are, the same before and after their weights are read: by the digests of their
   * files where those are known from the start, else by where the files lie and when they changed.
   */
  @Override
  public synchronized List<ProvenanceInput> content() {
    return asTheyCame
        ? List.of(new ProvenanceInput("saes", "as they come with the model", "in this program"))
        : Stream.concat(
                loaded.values().stream()
                    .map(one -> input(one, one.config().source().digest().identity())),
                transcoders.values().stream()
                    .map(one -> input(one, one.source().digest().identity())))
            .toList();
  }

  private static ProvenanceInput input(LoadedTranscoder one, String content) {
    return new ProvenanceInput(
        "transcoder from " + one.sites(),
        one.name(),
        content,
        Map.of("format", one.source().format(), "trained_on", one.basis().words()));
  }

  private static ProvenanceInput input(LoadedSae one, String content) {
    return new ProvenanceInput(
        "sae at " + one.sae().location().shortName(),
        one.name(),
        content,
        Map.of("format", one.config().source().format(), "config", digest(one)));
  }

  /** Digest of what an SAE's settings say; where its file lies is no part of it. */
  private static String digest(LoadedSae one) {
    String settings = one.config().toString().replace(one.config().source().toString(), "");
    return FileHash.sha256(settings.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    set.close();
  }
}
