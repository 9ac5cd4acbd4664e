package org.zlens.dsl.command;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.FileAccess;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * What is known about the session as it will be when a statement runs, while nothing has run.
 *
 * <p>It starts from the session as it is. Each command, as its check comes up in the order of the
 * script, tells what it will change: {@code model sprig} that there are 4 layers, {@code mark S2}
 * that there is a label. So an address on line 40 is held against the model of line 1 before line 1
 * runs. What a command cannot know it must {@link #forget}, since a wrong fact would refuse a right
 * script.
 */
public final class Forecast {
  private static final int SCRIPTS_LIMIT = 16;

  private final Registry registry;
  private final Settings settings;
  private final FileAccess files;
  private final Map<Fact<?>, Known<?>> facts = new IdentityHashMap<>();
  private final Map<String, ValueKind> kinds = new TreeMap<>();
  private final Map<String, Value> constants = new HashMap<>();
  private final Map<String, List<String>> columns = new HashMap<>();
  private ValueKind lastKind = ValueKind.NOTHING;
  private Value last;
  private Optional<List<String>> lastColumns = Optional.empty();
  private int scripts;
  private Includes includes = new Includes();
  private boolean allForgotten;

  public Forecast(Registry registry, Settings settings, FileAccess files) {
    this.registry = registry;
    this.settings = settings;
    this.files = files;
  }

  /** What is known now, to go on from without telling this one. */
  Forecast copy() {
    Forecast copy = new Forecast(registry, settings, files);
    copy.facts.putAll(facts);
    copy.kinds.putAll(kinds);
    copy.constants.putAll(constants);
    copy.columns.putAll(columns);
    copy.lastColumns = lastColumns;
    copy.lastKind = lastKind;
    copy.last = last;
    copy.scripts = scripts;
    copy.allForgotten = allForgotten;
    return copy;
  }

  public Registry registry() {
    return registry;
  }

  public Settings settings() {
    return settings;
  }

  /** What relative paths start from. */
  public Path directory() {
    return files.directory();
  }

  /** What the session may do with files, and where they are. */
  public FileAccess files() {
    return files;
  }

  /** What is known of a fact; a fact that nobody has mentioned is known not to be. */
  public <T> Known<T> ask(Fact<T> fact) {
    @SuppressWarnings("unchecked")
    Known<T> known =
        (Known<T>) facts.getOrDefault(fact, allForgotten ? Known.unknown() : Known.none());
    return known;
  }

  /** From here on, a fact has this value. */
  public <T> void know(Fact<T> fact, T value) {
    facts.put(fact, Known.of(value));
  }

  /** From here on, nothing can be said about some facts until the script runs. */
  public void forget(Fact<?>... some) {
    for (Fact<?> fact : some) {
      facts.put(fact, Known.unknown());
    }
  }

  /** From here on, some facts are known not to be. */
  public void deny(Fact<?>... some) {
    for (Fact<?> fact : some) {
      facts.put(fact, Known.none());
    }
  }

  /** A variable whose value is known already. */
  public void define(String name, Value value) {
    kinds.put(name, value.kind());
    constants.put(name, value);
    columns.remove(name);
  }

  /** A variable of which only the kind is known. */
  public void declare(String name, ValueKind kind) {
    kinds.put(name, kind);
    constants.remove(name);
    columns.remove(name);
  }

  /** A variable that will hold a table of these columns. */
  void declare(String name, ValueKind kind, Optional<List<String>> known) {
    declare(name, kind);
    known.ifPresent(names -> columns.put(name, names));
  }

  /** The columns of the table that a variable holds, where they are known. */
  public Optional<List<String>> columns(String variable) {
    Value constant = constants.get(variable);
    return constant == null
        ? Optional.ofNullable(columns.get(variable))
        : Cells.columnsOf(constant);
  }

  /** The variables by name, each with its kind. */
  public Map<String, ValueKind> variables() {
    return Collections.unmodifiableMap(kinds);
  }

  /** Whether there is or may be a variable of a name. */
  public boolean mayHave(String variable) {
    return kinds.containsKey(variable) || isOpen();
  }

  /** Variables with names near to one that was not found, as a hint. */
  public String variableHint(String name) {
    return Reading.variableHint(this, name);
  }

  /** The value of a variable, or null when it is not known or not defined. */
  public Value constant(String name) {
    return constants.get(name);
  }

  /** The kind that the last result will have. */
  public ValueKind lastKind() {
    return lastKind;
  }

  /** The last result, or null when it is not known. */
  public Value last() {
    return last;
  }

  /** Tells the kind of the last result, and its value, or null if that is not known. */
  public void setLast(ValueKind kind, Value value) {
    lastKind = kind;
    last = value;
    lastColumns = Optional.empty();
  }

  /** Tells the kind of the last result, which is a table of these columns. */
  void setLastTable(ValueKind kind, Optional<List<String>> known) {
    setLast(kind, null);
    lastColumns = known;
  }

  /** The columns of the last result, where they are known. */
  public Optional<List<String>> lastColumns() {
    return last == null ? lastColumns : Cells.columnsOf(last);
  }

  /** Checks a script inside another; scripts that run themselves without end are an error. */
  public void nested(Runnable check) {
    if (scripts == SCRIPTS_LIMIT) {
      throw new ZlensException(
          Kind.TYPE,
          "scripts run one another " + SCRIPTS_LIMIT + " deep",
          "does a script run itself?");
    }
    scripts++;
    Includes outer = includes;
    includes = new Includes();
    try {
      check.run();
    } finally {
      scripts--;
      includes = outer;
    }
  }

  /** The files that the script being checked has included. */
  Includes includes() {
    return includes;
  }

  /** Whether a script that is not known yet may have defined anything. */
  public boolean isOpen() {
    return allForgotten;
  }

  /** From here on, nothing can be said about any fact until the script runs. */
  public void forgetAll() {
    allForgotten = true;
    facts.clear();
  }
}
