package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.PartialResult;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.GradientAttribution;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Sweep;

/** Estimated effects of interventions, with the exact ones beside the largest. */
final class EstimateTable {
  static final Parameter<Integer> STEPS =
      Parameter.after(
              "steps",
              "count",
              Types.count(),
              "integrated gradients over so many points, not the gradient of the clean run alone")
          .optional();

  static final Parameter<Integer> EXACT =
      Parameter.after(
              "exact",
              "count",
              Types.index(),
              "how many of the largest are run as well, 0 for none")
          .orElse(10);

  /** What all tables of estimates say of themselves. */
  static final String DETAILS =
      """
      An estimate is the gradient of the metric times the change, for everything from one \
      backward pass (attribution patching); it would be exact were the metric linear. With \
      'steps' the gradient is its mean over points on the way from the clean values to those that \
      all changes together end at (integrated gradients), and the estimates add up to the effect \
      of all together, the better the more steps. 'exact' is what a run with the change finds, \
      for those with the largest estimates; their correlation stands below.""";

  /** A thing with its estimates. */
  private record Entry(List<String> cells, Intervention alone, double[] estimates) {}

  /** A row to be. */
  private record Row(Entry entry, String group, BitSet prompts, double estimate) {}

  private final Arguments arguments;
  private final Workbench bench;
  private final PromptGroups groups;
  private final List<String> columns;
  private final List<Entry> entries = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param columns the names of the columns that say what a row is about
   */
  EstimateTable(Arguments arguments, Workbench bench, PromptGroups groups, String... columns) {
    this.arguments = arguments;
    this.bench = bench;
    this.groups = groups;
    this.columns = List.of(columns);
  }

  /** Gradients of the current metric, as the arguments want them. */
  static GradientAttribution gradients(Arguments arguments, Workbench bench, String what) {
    return new GradientAttribution(
        bench.transformer(),
        bench.batch(),
        bench.metric(),
        arguments.find(STEPS).orElse(0),
        bench.progress(what));
  }

  /**
   * What a table of estimates takes.
   *
   * @param at the locations at which anything changes
   * @param alone what the estimates are of, some of which run as well
   * @param reads whether the changes read the clean values of all prompts
   */
  static Estimate estimate(
      Arguments arguments,
      Workbench bench,
      Collection<Location> at,
      List<? extends Intervention> alone,
      boolean reads) {
    GradientAttribution gradients = gradients(arguments, bench, "explain");
    Estimate all = Estimate.of(gradients.passes(at, arguments.has(STEPS)), 1).of("gradients");
    Hooks kept = Hooks.none().capture(at.toArray(Location[]::new)).withoutLogits();
    if (reads) {
      all = bench.wholeEstimate(kept).of("clean values").then(all).holding(bench.keptBytes(kept));
    }
    int exact = Math.min(arguments.get(EXACT), alone.size());
    if (exact == 0) {
      return all;
    }
    // Which of them come first nobody knows yet, so some from all over stand for them.
    List<Intervention> some = new ArrayList<>();
    for (int i = 0; i < exact; i++) {
      some.add(alone.get((int) ((long) i * alone.size() / exact)));
    }
    return all.then(bench.sweepEstimate(some).of("exact"));
  }

  /**
   * Adds a thing.
   *
   * @param alone what the estimates are of
   * @param estimates one for each prompt
   */
  void add(List<String> cells, Intervention alone, double[] estimates) {
    entries.add(new Entry(cells, alone, estimates));
  }

  /**
   * The table, the largest estimates first.
   *
   * @param together what all changes do together to each prompt, which integrated gradients add up
   *     to; asked for with steps alone
   * @param notes sentences to show below
   */
  TableValue table(String title, Supplier<double[]> together, String... notes) {
    List<Row> rows = rows();
    Map<Integer, Sweep.Row> exact = new TreeMap<>();
    ZlensException stopped = exact(rows, exact);
    String how = null;
    try {
      how = stopped == null ? how(together) : null;
    } catch (ZlensException e) {
      stopped = interrupted(e, exact.size(), exact.size());
    }
    Rows table = new Rows(title);
    List<double[]> pairs = new ArrayList<>();
    String unit = bench.metricChoice().unit();
    for (Row row : rows) {
      for (int i = 0; i < columns.size(); i++) {
        table.text(columns.get(i), row.entry.cells.get(i));
      }
      if (row.group != null) {
        table.text(groups.tag(), row.group);
      }
      Sweep.Row run = exact.get(entries.indexOf(row.entry));
      double found = run == null ? Double.NaN : mean(run.effects(), row.prompts);
      table.number("estimate", row.estimate, unit).number("exact", found, unit);
      table.whole("prompts", row.prompts.cardinality());
      if (run != null) {
        pairs.add(new double[] {row.estimate, found});
      }
    }
    table.note(bench.metricNote());
    for (String note : notes) {
      table.note(note);
    }
    table.note(stopped == null ? how : "interrupted: " + exact.size() + " exact effects are done");
    if (pairs.size() > 2) {
      table.note(
          String.format(
              Locale.ROOT,
              "correlation of estimate and exact over the %d rows that have both: %.3f",
              pairs.size(),
              correlation(pairs)));
    }
    if (stopped != null) {
      throw new PartialResult(table.table(), stopped);
    }
    return table.table();
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    BitSet all = new BitSet();
    all.set(0, bench.prompts().size());
    for (Entry entry : entries) {
      if (groups.isEmpty()) {
        rows.add(new Row(entry, null, all, mean(entry.estimates, all)));
      }
      groups
          .all()
          .forEach(
              (group, prompts) ->
                  rows.add(new Row(entry, group, prompts, mean(entry.estimates, prompts))));
    }
    rows.sort(Comparator.comparingDouble((Row row) -> Math.abs(row.estimate)).reversed());
    return rows;
  }

  private static double mean(double[] numbers, BitSet some) {
    return some.stream().mapToDouble(row -> numbers[row]).sum() / some.cardinality();
  }

  /**
   * Runs those with the largest estimates, by their number among the entries.
   *
   * @return what the user has ended it with, or null
   */
  private ZlensException exact(List<Row> rows, Map<Integer, Sweep.Row> found) {
    int count = arguments.get(EXACT);
    List<Integer> chosen =
        rows.stream().map(row -> entries.indexOf(row.entry)).distinct().limit(count).toList();
    if (chosen.isEmpty()) {
      return null;
    }
    try {
      bench.sweep(
          "exact effects",
          chosen.stream().map(i -> entries.get(i).alone).toList(),
          List.of(),
          (number, row) -> found.put(chosen.get(number), row));
    } catch (ZlensException e) {
      return interrupted(e, found.size(), chosen.size());
    }
    return null;
  }

  private static ZlensException interrupted(ZlensException e, int done, int total) {
    if (e.kind() != Kind.INTERRUPTED) {
      throw e;
    }
    return new ZlensException(
        Kind.INTERRUPTED,
        e.getMessage(),
        "the estimates and " + done + " of " + total + " exact effects are kept in $_");
  }

  private String how(Supplier<double[]> together) {
    if (!arguments.has(STEPS)) {
      return "an estimate is the mean over the prompts of its row of gradient times change";
    }
    double sum =
        entries.stream().mapToDouble(e -> Arrays.stream(e.estimates).average().orElse(0)).sum();
    double whole = Arrays.stream(together.get()).average().orElse(0);
    return String.format(
        Locale.ROOT,
        "integrated gradients over %d points: the estimates add up to %.4g, all changes together do"
            + " %.4g",
        arguments.get(STEPS),
        sum,
        whole);
  }

  private static double correlation(List<double[]> pairs) {
    double[] mean = new double[2];
    pairs.forEach(pair -> Arrays.setAll(mean, i -> mean[i] + pair[i] / pairs.size()));
    double both = 0;
    double[] squares = new double[2];
    for (double[] pair : pairs) {
      both += (pair[0] - mean[0]) * (pair[1] - mean[1]);
      Arrays.setAll(squares, i -> squares[i] + (pair[i] - mean[i]) * (pair[i] - mean[i]));
    }
    return both / Math.sqrt(squares[0] * squares[1]);
  }
}
