package org.zlens.dsl.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.zlens.dsl.command.Types;

/** The settings of a session and their values. */
public final class Settings {
  /** Random choices of commands start from this number. */
  public static final Setting<Long> SEED =
      new Setting<>(
          "seed", Types.whole(0, Long.MAX_VALUE), 0L, "where random choices of commands start");

  /** How results are printed. */
  public static final Setting<String> FORMAT =
      new Setting<>(
          "format",
          Types.choice("table", "json", "csv", "tsv", "markdown", "vertical"),
          "table",
          "how results are printed");

  /** Rows of a table that are printed. */
  public static final Setting<Long> ROWS =
      new Setting<>(
          "rows", Types.whole(1, 1_000_000), 40L, "rows of a table that are printed at most");

  /** Whether texts begin with a token of the model's. */
  public static final Setting<String> BOS =
      new Setting<>(
          "bos",
          Types.choice("auto", "on", "off"),
          "auto",
          "whether a beginning-of-text token goes in front of texts; 'auto' is each model's own"
              + " rule");

  /** Residuals of attributions above this are errors. */
  public static final Setting<Double> TOLERANCE =
      new Setting<>(
          "tolerance",
          Types.positive(),
          1e-3,
          "how far parts may miss their sum, and replayed numbers the recorded");

  /** Threads of the native library. */
  public static final Setting<Long> THREADS =
      new Setting<>("threads", Types.whole(1, 1024), 1L, "threads of one native operation");

  /** Whether results that are longer than the terminal come page by page. */
  public static final Setting<String> PAGING =
      new Setting<>(
          "paging",
          Types.choice("on", "off"),
          "on",
          "whether long results come page by page at a prompt");

  /** Whether the prompt says how long an entry took. */
  public static final Setting<String> TIMING =
      new Setting<>(
          "timing",
          Types.choice("on", "off"),
          "off",
          "whether the prompt says how long each entry took");

  /** Megabytes of results that are kept; 0 keeps none. */
  public static final Setting<Long> CACHE =
      new Setting<>(
          "cache", new CacheSizeType(), 64L, "megabytes of results to keep, or 'off' for none");

  /** Memory that the passes of a sweep may take. */
  public static final Setting<String> MEMORY =
      new Setting<>(
          "memory",
          new MemorySize(),
          MemorySize.QUARTER,
          "memory that the passes of a sweep may take, such as 4GB");

  /** Settings that change how results are shown and not what they are. */
  static final Set<Setting<?>> PRINTING = Set.of(CACHE, FORMAT, PAGING, ROWS, TIMING);

  /** The settings that every session has. */
  public static final List<Setting<?>> STANDARD =
      List.of(BOS, CACHE, FORMAT, MEMORY, PAGING, ROWS, SEED, THREADS, TIMING, TOLERANCE);

  private final Map<String, Setting<?>> settings = new LinkedHashMap<>();
  private final Map<Setting<?>, Object> values = new LinkedHashMap<>();
  private final Map<Setting<?>, List<Consumer<Object>>> listeners = new LinkedHashMap<>();

  public Settings(List<Setting<?>> all) {
    for (Setting<?> setting : all) {
      if (settings.put(setting.name(), setting) != null) {
        throw new IllegalArgumentException("two settings are named " + setting.name());
      }
      values.put(setting, setting.initial());
    }
  }

  public List<Setting<?>> all() {
    return List.copyOf(settings.values());
  }

  /** The setting of a name, or null. */
  public Setting<?> find(String name) {
    return settings.get(name);
  }

  public <T> T get(Setting<T> setting) {
    if (!values.containsKey(setting)) {
      throw new IllegalArgumentException("this session has no setting " + setting.name());
    }
    @SuppressWarnings("unchecked")
    T value = (T) values.get(setting);
    return value;
  }

  public <T> void set(Setting<T> setting, T value) {
    get(setting);
    values.put(setting, value);
    listeners.getOrDefault(setting, List.of()).forEach(listener -> listener.accept(value));
  }

  /** Calls the listener at each change of a setting from now on. */
  @SuppressWarnings("unchecked")
  public <T> void onChange(Setting<T> setting, Consumer<T> listener) {
    get(setting);
    listeners
        .computeIfAbsent(setting, s -> new ArrayList<>())
        .add(value -> listener.accept((T) value));
  }
}
