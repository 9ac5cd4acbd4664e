package org.zlens.dsl.session;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.syntax.Stage;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * What lives from one statement to the next: variables, the last result, settings, and the current
 * objects of the engine, each in its {@link Slot}.
 *
 * <p>One thread at a time runs statements; only {@link #cancellation()} may be used from others.
 */
public final class Session implements AutoCloseable {
  private final Registry registry;
  private final Settings settings;
  private final ResultListener listener;
  private final FileAccess files;
  private final Cancellation cancellation;
  private final ResultCache cache;
  private final Runs runs = new Runs();
  private final StatementLog log = new StatementLog();
  private final List<StatementListener> listeners = new ArrayList<>(List.of(log));
  private final Map<String, ProvenanceInput> read = new TreeMap<>();
  private final Map<String, Value> variables = new TreeMap<>();
  private final Map<Slot<?>, SessionObject> slots = new LinkedHashMap<>();
  private final Map<String, String> versions = new TreeMap<>();
  private final Map<String, Provenance> origins = new HashMap<>();
  private Value last = NothingValue.NOTHING;
  private Provenance lastOrigin;
  private Running running;
  private Statement alone;
  private Pins pins = new Pins();
  private boolean quitting;

  /**
   * The statement that is being run, as results and notes refer to it.
   *
   * @param reads what it has read so far: what its result hangs on
   */
  record Running(Statement statement, Supplier<Provenance> provenance, Reads reads) {
    Running with(Reads other) {
      return new Running(statement, provenance, other);
    }
  }

  public Session(Registry registry, ResultListener listener) {
    this(registry, Settings.STANDARD, listener, Path.of(""));
  }

  /**
   * @param directory what relative paths in scripts start from
   */
  public Session(
      Registry registry, List<Setting<?>> settings, ResultListener listener, Path directory) {
    this(registry, settings, listener, directory, new Cancellation());
  }

  private Session(
      Registry registry,
      List<Setting<?>> settings,
      ResultListener listener,
      Path directory,
      Cancellation cancellation) {
    this.cancellation = cancellation;
    this.registry = registry;
    this.settings = new Settings(settings);
    this.listener = listener;
    this.files = new FileAccess(directory);
    this.cache = new ResultCache(this);
    versions.put("java", System.getProperty("java.version"));
    String own = Session.class.getPackage().getImplementationVersion();
    versions.put("zlens", own == null ? "unpackaged" : own);
  }

  /** A session that starts from nothing, with the same commands and folder; Ctrl-C stops both. */
  public Session fresh(ResultListener other) {
    Session fresh = new Session(registry, settings.all(), other, files.directory(), cancellation);
    fresh.files.shareReach(files);
    return fresh;
  }

  /** Tells a listener of every statement from the next one on. */
  public void addListener(StatementListener other) {
    listeners.add(other);
  }

  /** Tells a listener nothing any more. */
  public void removeListener(StatementListener other) {
    listeners.remove(other);
  }

  void tell(Consumer<StatementListener> what) {
    List.copyOf(listeners).forEach(what);
  }

  /** The results that it keeps. */
  public ResultCache cache() {
    return cache;
  }

  /** What calls took of which somebody has asked what they would take. */
  public Runs runs() {
    return runs;
  }

  /** Whether no earlier result may stand for a new one now. */
  public boolean mustSeeRuns() {
    return slots.values().stream().anyMatch(SessionObject::mustSeeRuns);
  }

  /** The current objects by slot. */
  Map<Slot<?>, SessionObject> objects() {
    return Collections.unmodifiableMap(slots);
  }

  /** The statements that have run so far. */
  public StatementLog log() {
    return log;
  }

  /** Notes that a file was read on whose content results hang: a script, a table. */
  public void addRead(ProvenanceInput file) {
    read.put(file.role() + " " + file.name(), file);
    if (running != null) {
      running.reads().add(file);
    }
  }

  /** Notes how something came to be that the running statement has read from a file. */
  public void addOrigin(Provenance origin) {
    running.reads().add(origin);
  }

  public Registry registry() {
    return registry;
  }

  public Settings settings() {
    return settings;
  }

  public ResultListener listener() {
    return listener;
  }

  public Cancellation cancellation() {
    return cancellation;
  }

  /** The last result, {@code $_}; nothing before the first. */
  public Value last() {
    return last;
  }

  public void setLast(Value value) {
    last = value;
    lastOrigin = null;
  }

  void setLast(Value value, Provenance origin) {
    setLast(value);
    lastOrigin = origin;
  }

  /** The values that {@code let} has given names, by name. */
  public Map<String, Value> variables() {
    return Collections.unmodifiableMap(variables);
  }

  public void setVariable(String name, Value value) {
    variables.put(name, value);
    origins.remove(name);
  }

  void setVariable(String name, Value value, Provenance origin) {
    setVariable(name, value);
    if (origin != null) {
      origins.put(name, origin);
    }
  }

  /** How the last result came to be; empty where no statement made it. */
  public Optional<Provenance> lastOrigin() {
    return Optional.ofNullable(lastOrigin);
  }

  /** How the value of a variable came to be; empty where no statement made it. */
  public Optional<Provenance> origin(String variable) {
    return Optional.ofNullable(origins.get(variable));
  }

  /** The current object of a slot. */
  public <T extends SessionObject> Optional<T> find(Slot<T> slot) {
    touch(slot);
    return Optional.ofNullable(slot.type().cast(slots.get(slot)));
  }

  /** The current object of a slot; without one, an error that tells how to get one. */
  public <T extends SessionObject> T get(Slot<T> slot, String hint) {
    return find(slot)
        .orElseThrow(
            () ->
                new ZlensException(
                    Kind.RUNTIME, "this session has no " + slot.name() + " yet", hint));
  }

  /** Makes an object the current one of its slot and closes the one before. */
  public <T extends SessionObject> void put(Slot<T> slot, T object) {
    touch(slot);
    SessionObject before = slots.put(slot, slot.type().cast(object));
    if (before != null && before != object) {
      cache.forget(before);
      before.close();
    }
  }

  /** Empties a slot and closes what it held. */
  public void clear(Slot<?> slot) {
    SessionObject before = slots.remove(slot);
    if (before != null) {
      cache.forget(before);
      before.close();
    }
  }

  private void touch(Slot<?> slot) {
    if (running != null) {
      running.reads().add(slot);
    }
  }

  /** What can be known before the next statement runs. */
  public Forecast forecast() {
    Forecast forecast = new Forecast(registry, settings, files);
    variables.forEach(forecast::define);
    forecast.setLast(last.kind(), last);
    slots.values().forEach(object -> object.foretell(forecast));
    return forecast;
  }

  /** What all current objects can contribute to the provenance of a result. */
  public List<ProvenanceInput> inputs() {
    List<ProvenanceInput> inputs = new ArrayList<>(inputs(slots.keySet()));
    inputs.addAll(read.values());
    return inputs;
  }

  /**
   * All that tells the results of this session from those of any other: its inputs, and what is
   * known of objects that are yet to be read.
   */
  public List<ProvenanceInput> contents() {
    Map<String, ProvenanceInput> all = new LinkedHashMap<>();
    Consumer<ProvenanceInput> add = one -> all.putIfAbsent(one.role() + " " + one.name(), one);
    inputs().forEach(add);
    slots.values().forEach(object -> object.content().forEach(add));
    return List.copyOf(all.values());
  }

  /** What the current objects of some slots contribute. */
  List<ProvenanceInput> inputs(Set<Slot<?>> some) {
    List<ProvenanceInput> inputs = new ArrayList<>();
    slots.forEach(
        (slot, object) -> {
          if (some.contains(slot)) {
            inputs.addAll(object.inputs());
          }
        });
    return inputs;
  }

  /** What all current objects have to say of the command that has just run. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    slots.values().forEach(object -> remarks.addAll(object.remarks()));
    return remarks;
  }

  /** What computes here, by name: of this program, the JVM, and libraries once they are loaded. */
  public Map<String, String> versions() {
    return Collections.unmodifiableMap(versions);
  }

  /** Adds the version of a library that results depend on. */
  public void addVersion(String name, String version) {
    versions.put(name, version);
  }

  /** What the session may do with files, and where they are. */
  public FileAccess files() {
    return files;
  }

  /** The path of a file to be read, as a script names it. */
  public Path path(String name) {
    return files.input(name);
  }

  /**
   * The path of a file to be written, as a script names it. A command that asks for one declares
   * {@link org.zlens.dsl.command.Capability#WRITE_FILES}.
   */
  public Path output(String name) {
    return files.output(name);
  }

  /** Shows a value in the midst of a pipeline. */
  public void present(Value value) {
    tell(listener -> listener.onValue(value));
    listener.onValue(running.statement(), value, running.provenance().get());
  }

  /** Shows a piece of text as it stands. */
  public void print(String text) {
    tell(listener -> listener.onPrint(text));
    listener.onPrint(text);
  }

  /** Whether what runs is a statement of its own, and not part of a loop, a block or a script. */
  public boolean runsAlone() {
    return running != null && running.statement() == alone;
  }

  /** Notes which statement runs that is part of no other. */
  void setAlone(Statement statement) {
    alone = statement;
    pins = new Pins();
  }

  /**
   * Has a transcript hold the running statement with another first call, which does for ever what
   * this one does now.
   */
  public void recordAs(UnaryOperator<Stage.Call> pinned) {
    if (running != null) {
      pins.pin(running.statement(), pinned);
    }
  }

  /** A statement that has run, as a transcript shall hold it. */
  Statement recorded(Statement written) {
    return pins.in(written);
  }

  /** How the result of the running statement comes to be. */
  public Provenance provenance() {
    return running.provenance().get();
  }

  void setRunning(Running statement) {
    running = statement;
  }

  Running running() {
    return running;
  }

  /** Ends the session after the running statement. */
  public void quit() {
    quitting = true;
  }

  public boolean isQuitting() {
    return quitting;
  }

  @Override
  public void close() {
    slots.values().forEach(SessionObject::close);
    slots.clear();
  }
}
