package org.zlens.dsl.command.builtin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Capability;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.GraphValue;
import org.zlens.dsl.session.PageValue;
import org.zlens.dsl.session.ProvenanceLines;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.StripsValue;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.TreeValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.report.Plot;
import org.zlens.engine.report.PlotPage;
import org.zlens.engine.report.StripsPage;
import org.zlens.engine.report.picture.BrowserProgram;
import org.zlens.engine.report.picture.Picture;
import org.zlens.engine.report.picture.PictureFormat;
import tech.tablesaw.columns.Column;

/** {@code plot}: a table as a picture, in a page that opens offline. */
public final class PlotCommand implements Command {
  private static final String GRAPH = "graph";
  private static final String HISTOGRAM = "histogram";
  private static final String STRIP = "strip";
  private static final String STRIPS = "tokens | ... | strips by activation | plot";

  private static final Parameter<String> KIND =
      Parameter.of(
              "kind",
              Types.choice("bar", "stack", "line", "scatter", HISTOGRAM, "heatmap", GRAPH, STRIP),
              "chosen without it")
          .optional();

  private static final Parameter<String> X =
      Parameter.after("x", "column", Types.NAME, "along x; the first column of names without it")
          .optional();

  private static final Parameter<List<String>> Y =
      Parameter.after(
              "y", "column", Types.NAME, "what is drawn; the first column with a unit without it")
          .many()
          .optional();

  private static final Parameter<String> BY =
      Parameter.after("by", "column", Types.NAME, "makes series, or the rows of a heatmap")
          .optional();

  private static final Parameter<String> TITLE =
      Parameter.after("title", "text", Types.STRING, "the table's own without it").optional();

  private static final Parameter<String> FILE =
      Parameter.after("file", "file", Types.PATH, "where to: a page, or .svg or .png for a picture")
          .orElse("plot.html");

  private static final Parameter<Integer> WIDTH =
      Parameter.after("width", "units", Types.count(), "of a picture").orElse(900);

  private static final Parameter<Integer> HEIGHT =
      Parameter.after("height", "units", Types.count(), "of a picture").orElse(560);

  /** What no screen and no paper has. */
  private static final int LARGEST = 5000;

  private static final Signature SIGNATURE =
      Signature.verb("plot", Group.TABLES, "draw a table in a page that opens offline")
          .needs(Capability.WRITE_FILES)
          .details(
              """
              Columns of names make bars, a rising column of numbers a line, other numbers points, \
              and two columns of many names, or of queries and keys, heads and sources, layers and \
              positions, a heatmap; many numbers without anything beside them are \
              counted in a histogram; unless a word says otherwise. 'stack' puts the \
              bars of several series on top of each other. A graph, or a tree that has one, is drawn over \
              the prompt's tokens and the model's layers, and strips of tokens as text on colours. \
              The page \
              holds everything that it needs and asks no server for anything; its corner tells how \
              the numbers came to be. Its buttons save the picture as SVG or PNG. A file that ends \
              in .svg or .png is that picture itself, for papers and slides, drawn without a window \
              by a browser that is installed: Chromium, Chrome or Edge, or the one that \
              ZLENS_BROWSER names. A PNG has three points for each unit of 'width' and 'height'; \
              strips of tokens have no SVG and take the height that they need.""")
          .parameters(KIND, X, Y, BY, TITLE, FILE, WIDTH, HEIGHT)
          .input(TableRows.TABULAR)
          .result(ValueKind.PAGE)
          .example(
              """
              model sprig
              dataset ioi n 4
              sweep heads L3 at END | plot file "heads.html\"""",
              "bars for each head, side by side for both orders of the names")
          .example(
              """
              model sprig
              prompt "When Ann and Bob went to the store, Bob"
              dfa L2.F17 at END by both | plot heatmap x source by head file "dfa.html\"""",
              "heads and sources as a grid of colours")
          .example(
              """
              model sprig
              prompt "When Ann and Bob went to the store, Bob"
              tokens by L2.F17 | plot file "tokens.html\"""",
              "where a feature is active, as coloured text")
          .example(
              """
              model sprig
              dataset ioi n 40
              logits top 1 | plot histogram y probability file "sure.html\"""",
              "how sure the model is, prompt by prompt")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (!arguments.isKnown(FILE)) {
      return;
    }
    String file = arguments.get(FILE);
    if (PictureFormat.of(file).isPresent()) {
      // Nobody shall hear after an hour's work that there is no browser.
      program(arguments);
    } else if (!file.toLowerCase(Locale.ROOT).endsWith(".html")) {
      throw arguments.fault(
          FILE,
          Kind.USAGE,
          "expected a file that ends in .html, .svg or .png, found " + Quoted.of(file),
          "plot ... file \"picture.html\"");
    } else if (arguments.has(WIDTH) || arguments.has(HEIGHT)) {
      throw arguments.fault(
          arguments.has(WIDTH) ? WIDTH : HEIGHT,
          Kind.USAGE,
          "a page is as large as its window",
          "plot ... file \"picture.png\" width 900 height 560");
    }
    for (Parameter<Integer> size : List.of(WIDTH, HEIGHT)) {
      if (arguments.isKnown(size) && arguments.get(size) > LARGEST) {
        throw arguments.fault(
            size,
            Kind.USAGE,
            "a picture of " + arguments.get(size) + " units (at most " + LARGEST + ")",
            "a PNG has three points for each unit");
      }
    }
  }

  private static Path program(Arguments arguments) {
    try {
      return BrowserProgram.find(System::getenv);
    } catch (ZlensException e) {
      throw arguments.fault(FILE, e.kind(), e.getMessage(), e.hint());
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    check(arguments, session.forecast());
    Optional<GraphValue> graph = graph(arguments);
    if (graph.isPresent()) {
      String title = arguments.find(TITLE).orElse(graph.get().graph().what());
      List<String> provenance = ProvenanceLines.of(session.provenance());
      return page(title, new GraphChart(graph.get()).plot(title, provenance), arguments, session);
    }
    Optional<StripsValue> strips = strips(arguments);
    if (strips.isPresent()) {
      TableValue table = strips.get().table();
      String title = arguments.find(TITLE).orElse(table.table().name());
      Path file = session.output(arguments.get(FILE));
      StripsPage page =
          StripsChart.of(strips.get(), title, ProvenanceLines.of(session.provenance()));
      Optional<PictureFormat> format = PictureFormat.of(arguments.get(FILE));
      if (format.isEmpty()) {
        page.write(file);
      } else if (format.get() == PictureFormat.SVG) {
        throw arguments.fault(
            FILE, Kind.USAGE, "tokens as text have no SVG", "plot ... file \"tokens.png\"");
      } else {
        picture(format.get(), arguments).write(page, file, Workbench.progress(session, "browser"));
      }
      return new PageValue(title, file);
    }
    if (arguments.has(X) && arguments.find(KIND).filter(HISTOGRAM::equals).isPresent()) {
      throw arguments.fault(
          X,
          Kind.USAGE,
          "a histogram counts one column, with nothing along x",
          "histogram y delta");
    }
    TableRows rows = new TableRows(arguments.input(), session);
    TableValue value = Cells.tableOf(arguments.input());
    List<Column<?>> ys = new ArrayList<>();
    for (String name : arguments.find(Y).orElse(List.of())) {
      Column<?> column = column(rows, arguments, Y, name);
      if (!Chart.isNumeric(column)) {
        throw arguments.fault(
            Y, Kind.TYPE, "column " + Quoted.of(name) + " is not of numbers", null);
      }
      ys.add(column);
    }
    Chart chart =
        new Chart(
            value,
            arguments.find(KIND).orElse(null),
            column(rows, arguments, X),
            ys,
            column(rows, arguments, BY));
    String title = arguments.find(TITLE).orElse(value.table().name());
    Plot plot = chart.plot(title, ProvenanceLines.of(session.provenance()));
    return page(title, plot, arguments, session);
  }

  private static PageValue page(String title, Plot plot, Arguments arguments, Session session) {
    Path file = session.output(arguments.get(FILE));
    Optional<PictureFormat> format = PictureFormat.of(arguments.get(FILE));
    if (format.isPresent()) {
      picture(format.get(), arguments).write(plot, file, Workbench.progress(session, "browser"));
    } else {
      PlotPage.write(plot, file);
    }
    return new PageValue(title, file, Optional.of(plot));
  }

  private static Picture picture(PictureFormat format, Arguments arguments) {
    return new Picture(program(arguments), format, arguments.get(WIDTH), arguments.get(HEIGHT));
  }

  /** The graph to draw, if what comes in has one and nothing of its table was asked for. */
  private static Optional<GraphValue> graph(Arguments arguments) {
    Value input = arguments.input();
    Optional<GraphValue> graph =
        input instanceof GraphValue one
            ? Optional.of(one)
            : input instanceof TreeValue tree ? tree.graph() : Optional.empty();
    boolean asked = arguments.find(KIND).filter(GRAPH::equals).isPresent();
    if (asked && graph.isEmpty()) {
      throw arguments.fault(
          KIND,
          Kind.TYPE,
          input.kind().phrase() + " has no graph to draw",
          "rdfa FEATURE ... | plot graph");
    }
    if (asked && isOfTable(arguments)) {
      throw arguments.fault(KIND, Kind.USAGE, "a graph has no columns to choose", null);
    }
    return asked || isFree(arguments) ? graph : Optional.empty();
  }

  /** The strips to draw, if what comes in are some and nothing of their table was asked for. */
  private static Optional<StripsValue> strips(Arguments arguments) {
    boolean asked = arguments.find(KIND).filter(STRIP::equals).isPresent();
    if (asked && isOfTable(arguments)) {
      throw arguments.fault(KIND, Kind.USAGE, "strips have no columns to choose here", STRIPS);
    }
    if (arguments.input() instanceof StripsValue strips && (asked || isFree(arguments))) {
      return Optional.of(strips);
    }
    if (asked) {
      throw arguments.fault(
          KIND,
          Kind.TYPE,
          "expected strips of tokens, found " + arguments.input().kind().phrase(),
          STRIPS);
    }
    return Optional.empty();
  }

  private static boolean isFree(Arguments arguments) {
    return arguments.find(KIND).isEmpty() && !isOfTable(arguments);
  }

  private static boolean isOfTable(Arguments arguments) {
    return arguments.has(X) || arguments.has(Y) || arguments.has(BY);
  }

  private static Column<?> column(
      TableRows rows, Arguments arguments, Parameter<String> parameter) {
    return arguments.has(parameter)
        ? column(rows, arguments, parameter, arguments.get(parameter))
        : null;
  }

  private static Column<?> column(
      TableRows rows, Arguments arguments, Parameter<?> parameter, String name) {
    try {
      return rows.column(name);
    } catch (ZlensException e) {
      throw arguments.fault(parameter, e.kind(), e.getMessage(), e.hint());
    }
  }
}
