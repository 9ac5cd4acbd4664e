package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Position;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.hook.Firing;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Outcome;

/** The metric without and with interventions, in a row for each group of prompts or each prompt. */
final class InterventionTable {
  static final Parameter<List<Position>> AT =
      Parameter.after(
              "at",
              "position",
              Types.POSITION,
              "where: S2 is each prompt's own, 'any S2' that of all; at every token without it")
          .many()
          .optional();

  static final Parameter<Boolean> EACH = Parameter.flag("each", "a row for every prompt as well");

  /** The parameters that say how the table looks. */
  static final List<Parameter<?>> SHOWN = List.of(PromptGroups.BY, EACH);

  private final Arguments arguments;
  private final Workbench bench;
  private final PromptGroups groups;
  private final String changed;

  private InterventionTable(
      Arguments arguments, Workbench bench, PromptGroups groups, String changed) {
    this.arguments = arguments;
    this.bench = bench;
    this.groups = groups;
    this.changed = changed;
  }

  /** Where the arguments want the change. */
  static Places places(Arguments arguments, Workbench bench) {
    return Places.of(bench.prompts(), arguments, AT, new Position.All());
  }

  /**
   * Measures some interventions together.
   *
   * @param changed the column of the metric with them
   */
  static TableValue of(
      Arguments arguments, Session session, List<Intervention> together, String changed) {
    Workbench bench = Workbench.of(session);
    PromptGroups groups = PromptGroups.of(bench.prompts(), arguments);
    Outcome outcome = bench.measure(together);
    return new InterventionTable(arguments, bench, groups, changed).table(outcome);
  }

  /** The columns of the table, where it is known whether the prompts fall into groups. */
  static Optional<List<String>> columns(Arguments arguments, Forecast forecast, String changed) {
    return PromptGroups.tag(arguments, forecast)
        .map(
            tag -> {
              List<String> columns = new ArrayList<>();
              if (arguments.get(EACH)) {
                columns.add("prompt");
              }
              if (!tag.isEmpty()) {
                columns.add(tag);
              }
              if (!arguments.get(EACH)) {
                columns.add("prompts");
              }
              columns.addAll(List.of("clean", changed, "delta"));
              return columns;
            });
  }

  private TableValue table(Outcome outcome) {
    Rows rows = new Rows(outcome.name() + " at " + places(arguments, bench).text());
    if (!arguments.get(EACH)) {
      means(rows, outcome);
    } else {
      for (int row = 0; row < outcome.clean().length; row++) {
        rows.whole("prompt", row);
        if (!groups.isEmpty()) {
          rows.text(groups.tag(), groups.names().get(row));
        }
        numbers(rows, outcome.clean()[row], outcome.changed()[row]);
      }
    }
    rows.note(bench.metricNote());
    bench.unmovedNote(DoubleStream.of(outcome.effects())).ifPresent(rows::note);
    for (Firing firing : outcome.firings()) {
      if (firing.places() < firing.claimed()) {
        rows.note(
            firing.edit().name()
                + " changed "
                + firing.places()
                + " of "
                + firing.claimed()
                + " places");
      }
    }
    if (!arguments.has(AT)) {
      rows.note("at every token, since no 'at' says where");
    }
    return rows.table();
  }

  private void means(Rows rows, Outcome outcome) {
    BitSet all = new BitSet();
    all.set(0, outcome.clean().length);
    Map<String, BitSet> each = new LinkedHashMap<>();
    each.put("all", all);
    each.putAll(groups.all());
    each.forEach(
        (name, some) -> {
          if (!groups.isEmpty()) {
            rows.text(groups.tag(), name);
          }
          rows.whole("prompts", some.cardinality());
          numbers(rows, mean(outcome.clean(), some), mean(outcome.changed(), some));
        });
  }

  private void numbers(Rows rows, double without, double with) {
    String unit = bench.metricChoice().unit();
    rows.number("clean", without, unit)
        .number(changed, with, unit)
        .number("delta", with - without, unit);
  }

  private static double mean(double[] values, BitSet some) {
    return some.stream().mapToDouble(row -> values[row]).average().orElse(Double.NaN);
  }
}
