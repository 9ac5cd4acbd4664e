package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Position;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.AttentionScore;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.Attribution;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.MeanAttribution;
import org.zlens.engine.attribute.Part;
import org.zlens.engine.attribute.QkAttribution;
import org.zlens.engine.attribute.QkReason;
import org.zlens.engine.attribute.QkSide;
import org.zlens.engine.attribute.QkSummary;
import org.zlens.engine.attribute.StreamSplit;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.plan.SaeCost;

/** {@code qk}: why a head looks where it looks. */
public final class QkCommand implements Command, Planned {
  /** Prompts whose features are found together. */
  private static final int AT_ONCE = 32;

  /** What it takes to take one side apart, in native calls. */
  private static final double CALLS = 150;

  private static final int USUAL_ROWS = 20;

  private static final String[] SPLITS = {"residual", "features", "heads", "components"};

  private static final Parameter<Address.Head> HEAD =
      Parameter.of("head", Types.HEAD, "the head whose attention score is taken apart");

  private static final Parameter<Position> AT =
      OnePlace.at("the query: where it looks from; END without it");

  private static final Parameter<Position> ON =
      Parameter.after("on", "position", Types.POSITION, "the key: where it looks to");

  private static final Parameter<String> QUERY =
      Parameter.after("queries", "split", Types.choice(SPLITS), "parts of the query's stream")
          .orElse(SPLITS[0]);

  private static final Parameter<String> KEY =
      Parameter.after("keys", "split", Types.choice(SPLITS), "parts of the key's stream")
          .orElse(SPLITS[0]);

  private static final Parameter<Address.Head> VIA =
      Parameter.after(
              "via", "head", Types.HEAD, "look only at what this earlier head moved to the query")
          .optional();

  private static final Parameter<Position> FROM =
      Parameter.after("from", "position", Types.POSITION, "where that head moved it from")
          .optional();

  private static final Parameter<Address.Layer> WRITTEN =
      Parameter.after(
              "written",
              "layer",
              Types.LAYER,
              "only those parts of the query's stream that the attention of this layer wrote")
          .optional();

  private static final Parameter<String> BY =
      Parameter.after(
              "by",
              "rows",
              Types.choice("pairs", "query", "key", "variance"),
              "what rows stand for; 'variance': one row, of what makes the prompts differ")
          .orElse("pairs");

  private static final Parameter<Integer> PROMPT =
      Parameter.after(
              "prompt", "number", Types.index(), "of which prompt, from 0; the mean without it")
          .optional();

  private static final Parameter<Integer> TOP =
      Parameter.after("top", "count", Types.count(), "pairs with a row of their own")
          .orElse(USUAL_ROWS);

  private static final Signature SIGNATURE =
      Signature.verb("qk", Group.ATTRIBUTE, "split an attention score by query and key features")
          .details(
              """
              The score of a head, before the softmax, is a product of the query's stream and the \
              key's once the norm scales are held fixed, so each part of the one with each part of \
              the other adds a number to it. 'residual' splits a stream into the features of the \
              residual SAE there, 'features' into those of all earlier attention SAEs, the \
              embeddings and the MLPs; errors and biases are parts of their own, so that all pairs \
              sum to the score. With 'via' and 'from' the query's side is what an earlier head \
              moved there from one position, and the sum is that head's part of the score. 'written \
              L5' keeps the features that layer 5's attention SAE writes, its bias and its error, and \
              the sum is theirs. Over several prompts, the means over all of them ('prompt 3': of \
              that alone), and the share of the variance of the score that the pairs shown account \
              for; 'by variance' gives that of the largest pairs ('top') and of those with an SAE's \
              error as a table.""")
          .parameters(HEAD, AT, ON, QUERY, KEY, VIA, FROM, WRITTEN, BY, TOP, PROMPT)
          .result(ValueKind.TABLE)
          .pure()
          .example(
              """
              model sprig
              prompt "When Ann and Bob went to the store, Bob gave a drink to"
              qk L3.H0 at END on " Ann"#1 top 5""",
              "what makes head 0 of layer 3 look at Ann")
          .example(
              """
              model sprig
              dataset ioi n 8
              qk L3.H0 at END on IO queries features via L2.H1 from S2 top 5""",
              "through what head 1 of layer 2 moved from the second subject")
          .example(
              """
              model sprig
              dataset ioi n 8
              qk L3.H0 at END on IO queries features via L2.H1 from S2 written L1 by variance top 8""",
              "how much of that varies with eight pairs of what layer 1's attention wrote")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requirePrompts(forecast);
    for (Parameter<Position> place : List.of(AT, ON, FROM)) {
      OnePlace.check(arguments, place);
    }
    if (arguments.has(VIA) != arguments.has(FROM)) {
      throw arguments.fault(
          arguments.has(VIA) ? VIA : FROM,
          Kind.TYPE,
          "'via' and 'from' go together",
          "as in: via L2.H1 from S2");
    }
    if (arguments.has(WRITTEN)
        && arguments.isKnown(QUERY)
        && split(arguments.get(QUERY)) == StreamSplit.RESIDUAL_FEATURES) {
      throw arguments.fault(
          WRITTEN,
          Kind.TYPE,
          "'written' needs a stream that is split by what wrote it",
          "as in: queries features");
    }
    if (arguments.has(WRITTEN)
        && arguments.isKnown(WRITTEN)
        && arguments.isKnown(HEAD)
        && arguments.isKnown(VIA)) {
      written(arguments);
    }
    if (arguments.has(TOP)
        && arguments.isKnown(BY)
        && !List.of("pairs", "variance").contains(arguments.get(BY))) {
      throw arguments.fault(
          TOP, Kind.TYPE, "'top' is for pairs", "the verb 'top' takes rows of any table");
    }
  }

  @Override
  public Optional<List<String>> resultColumns(Arguments arguments, Forecast forecast) {
    if (!arguments.isKnown(BY)) {
      return Optional.empty();
    }
    return Optional.of(
        switch (arguments.get(BY)) {
          case "pairs" -> List.of("query", "key", "contribution", "share", "prompts");
          case "variance" -> List.of("pairs", "explained", "errors", "prompts");
          default -> List.of("part", "contribution", "share", "prompts");
        });
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    PromptSet prompts = bench.prompts();
    Address.Head head = arguments.get(HEAD);
    Places query = Places.ofOne(prompts, arguments, AT, new Position.End(0));
    Places key = Places.ofOne(prompts, arguments, ON, new Position.End(0));
    int[] from =
        arguments.has(FROM)
            ? Places.ofOne(prompts, arguments, FROM, new Position.End(0)).single()
            : null;
    int[] at = query.single();
    int[] on = key.single();
    QkSide keySide = QkSide.of(split(arguments.get(KEY)));
    CleanRun run =
        CleanRun.upTo(head.in(), bench.transformer(), bench.saes(), bench.batch().tokens());
    List<QkAttribution.Pairing> pairings = new ArrayList<>();
    for (int row : rows(arguments, prompts)) {
      QkSide querySide = QkSide.of(split(arguments.get(QUERY)));
      if (from != null) {
        Address.Head via = arguments.get(VIA);
        querySide = querySide.through(via.in(), via.index(), from[row]);
      }
      pairings.add(new QkAttribution.Pairing(row, at[row], on[row], querySide));
    }
    List<QkAttribution> each =
        QkAttribution.ofEach(run, head.in(), head.index(), pairings, keySide, bench.progress("qk"));
    if (arguments.has(WRITTEN)) {
      int source = written(arguments);
      each = each.stream().map(one -> one.writtenBy(source)).toList();
    }
    double weight = each.stream().mapToDouble(QkAttribution::weight).average().orElseThrow();
    String path =
        from == null
            ? ""
            : " via " + arguments.get(VIA).text() + " from " + arguments.get(FROM).text();
    if (arguments.has(WRITTEN)) {
      path += " written by " + arguments.get(WRITTEN).text();
    }
    String which =
        arguments.has(PROMPT) && prompts.size() > 1 ? " in prompt " + arguments.get(PROMPT) : "";
    String title =
        "score of " + head.text() + " from " + query.text() + " on " + key.text() + path + which;
    Rows rows =
        switch (arguments.get(BY)) {
          case "query" -> side(title, each.stream().map(QkAttribution::byQuery).toList());
          case "key" -> side(title, each.stream().map(QkAttribution::byKey).toList());
          case "variance" -> variance(title, QkSummary.of(each), arguments.get(TOP));
          default -> pairs(title, QkSummary.of(each), arguments.get(TOP));
        };
    if (from != null || arguments.has(WRITTEN)) {
      double score = each.stream().mapToDouble(QkAttribution::score).average().orElseThrow();
      rows.note(String.format(Locale.ROOT, "the whole score is %.6g", score));
    }
    TableValue table =
        rows.note(String.format(Locale.ROOT, "attention weight: %.4g", weight)).table();
    return each.size() == 1 && arguments.get(BY).equals("pairs")
        ? table.with(score(each.get(0), arguments.get(TOP), bench, session))
        : table;
  }

  private static AttentionScore score(
      QkAttribution one, int top, Workbench bench, Session session) {
    return new AttentionScore(
        QkReason.of(one, Double.NaN, top), PromptText.of(bench, session, one.row()));
  }

  /** The prompts whose scores are asked for. */
  private static int[] rows(Arguments arguments, PromptSet prompts) {
    return arguments.has(PROMPT)
        ? new int[] {PromptText.number(arguments, PROMPT, prompts.size())}
        : IntStream.range(0, prompts.size()).toArray();
  }

  /** The layer whose attention wrote what is looked at: one before that whose head reads it. */
  private static int written(Arguments arguments) {
    int readBy = arguments.find(VIA).orElse(arguments.get(HEAD)).in();
    int source = arguments.get(WRITTEN).index();
    if (source >= readBy) {
      throw arguments.fault(
          WRITTEN,
          Kind.TYPE,
          "the attention of layer " + source + " is not before the head of layer " + readBy,
          "a head reads what earlier layers wrote");
    }
    return source;
  }

  private static StreamSplit split(String word) {
    return switch (word) {
      case "features" -> StreamSplit.FEATURES;
      case "heads" -> StreamSplit.HEADS;
      case "components" -> StreamSplit.COMPONENTS;
      default -> StreamSplit.RESIDUAL_FEATURES;
    };
  }

  private static Rows pairs(String title, QkSummary summary, int top) {
    Rows rows = new Rows(title);
    double total = summary.total();
    List<QkSummary.Row> shown = summary.rows().stream().limit(top).toList();
    double others = total + summary.residual();
    for (QkSummary.Row row : shown) {
      pair(rows, row.query(), row.key(), row.mean(), total, row.prompts());
      others -= row.mean();
    }
    int left = summary.rows().size() - shown.size();
    if (left > 0) {
      String name = "(" + left + " other pairs)";
      pair(rows, name, name, others, total, summary.each().size());
    }
    rows.note(sum(total, summary.residual(), summary.each().size()));
    if (summary.each().size() > 1) {
      double explained = summary.explained(shown);
      rows.note(
          Double.isNaN(explained)
              ? "the score does not vary over the prompts"
              : String.format(
                  Locale.ROOT,
                  "the %d pairs shown account for %.1f %% of its variance over %d prompts, pairs "
                      + "with an SAE's error for %.1f %%",
                  shown.size(),
                  100 * explained,
                  summary.each().size(),
                  100 * summary.explainedBy(QkCommand::isError)));
    }
    return rows;
  }

  private static Rows variance(String title, QkSummary summary, int top) {
    List<QkSummary.Row> largest = summary.rows().stream().limit(top).toList();
    return new Rows(title)
        .whole("pairs", largest.size())
        .number("explained", summary.explained(largest), "")
        .number("errors", summary.explainedBy(QkCommand::isError), "")
        .whole("prompts", summary.each().size())
        .note("shares of the variance of the score over the prompts; none where it does not vary");
  }

  private static boolean isError(Part part) {
    return part == Part.SAE_ERROR || part == Part.RESIDUAL_ERROR || part == Part.TRANSCODER_ERROR;
  }

  private static void pair(
      Rows rows, String query, String key, double value, double total, int prompts) {
    rows.text("query", query)
        .text("key", key)
        .number("contribution", value, "score")
        .number("share", value / total, "")
        .whole("prompts", prompts);
  }

  private static Rows side(String title, List<Attribution> each) {
    MeanAttribution mean = MeanAttribution.of(each, (prompt, position) -> "");
    Rows rows = new Rows(title);
    mean.rows().stream()
        .sorted(
            Comparator.comparingDouble((MeanAttribution.Row r) -> Math.abs(r.contribution()))
                .reversed())
        .forEach(
            row ->
                rows.text("part", row.name())
                    .number("contribution", row.contribution(), "score")
                    .number("share", row.share(), "")
                    .whole("prompts", row.prompts()));
    return rows.note(sum(mean.total(), mean.residual(), each.size()));
  }

  private static String sum(double total, double residual, int prompts) {
    return String.format(
        Locale.ROOT,
        "the rows sum to the %sscore: %.6g, residual %.1e",
        prompts > 1 ? "mean " : "",
        total,
        residual);
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    int layer = arguments.get(HEAD).in();
    int prompts = arguments.has(PROMPT) ? 1 : bench.prompts().size();
    Estimate all = bench.wholeEstimate(CleanRun.hooksUpTo(bench.model().config(), layer));
    if (List.of(arguments.get(QUERY), arguments.get(KEY)).contains("features")) {
      double goes = Math.ceil((double) prompts / AT_ONCE);
      for (int before = 0; before < layer; before++) {
        all = all.with(SaeCost.encode(bench.saes().attention(before), 2.0 * prompts, goes));
      }
    }
    return all.with(new Cost(0, 0, CALLS).times(2.0 * prompts));
  }
}
