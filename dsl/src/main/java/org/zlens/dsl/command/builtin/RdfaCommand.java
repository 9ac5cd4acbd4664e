package org.zlens.dsl.command.builtin;

import java.util.Locale;
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
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.attribute.AttributionTree;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.TreeOptions;
import org.zlens.engine.attribute.TreeOptions.Via;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.sae.SaeSet;

/** {@code rdfa}: a feature, a head or a logit followed upstream, number by number. */
public final class RdfaCommand implements Command, Planned {
  /** What it takes to look how strong a number is in a prompt. */
  private static final double CALLS_TO_LOOK = 20;

  private static final Parameter<Position> AT = OnePlace.at("where it is active; END without it");

  private static final Parameter<Integer> PROMPT =
      Parameter.after(
              "prompt",
              "number",
              Types.index(),
              "of which prompt, from 0; where the feature is strongest without it")
          .optional();

  private static final Parameter<Integer> DEPTH =
      Parameter.after("depth", "levels", Types.count(), "levels of features that are split")
          .orElse(2);

  private static final Parameter<Integer> WIDTH =
      Parameter.after("width", "count", Types.count(), "sources and features followed at a node")
          .orElse(3);

  private static final Parameter<Double> THRESHOLD =
      Parameter.after(
              "threshold",
              "share",
              Types.positive(),
              "least share of the feature above that is followed")
          .orElse(0.05);

  private static final Parameter<String> VIA =
      Parameter.after(
              "via",
              "path",
              Types.choice("attention", "residual", "both"),
              "what a source is followed through")
          .orElse("attention");

  private static final Parameter<String> BY =
      Parameter.after(
              "by", "split", Types.choice("feature", "head"), "parts of an attention output")
          .orElse("feature");

  private static final Parameter<Boolean> MLPS =
      Parameter.flag("mlps", "follow MLPs too, by their transcoders or made linear");

  private static final Parameter<Boolean> SIGNED =
      Parameter.flag("signed", "follow what takes away as well, the largest by size");

  private static final Parameter<String> WITH =
      Parameter.after("with", "reasons", Types.choice("qk"), "tell why heads looked at a source")
          .optional();

  private static final Parameter<Boolean> AUDIT =
      Parameter.flag("audit", "take each followed part out of the model and see what is lost");

  private static final Signature SIGNATURE =
      Signature.verb("rdfa", Group.ATTRIBUTE, "follow a feature upstream, source by source")
          .details(
              """
              Recursive direct feature attribution: the feature is split by source position; each \
              of its largest sources is split by the earlier attention features there ('via \
              attention'), or by the residual SAE's features there and these by the attention \
              features that wrote them ('via residual'); and each of those features in turn. \
              Patterns and norm scales are those of one clean run. Below each row its parts sum to \
              it, those not followed being rows too; below a feature, its parts sum to its own \
              pre-activation. A head is explained by the size of what it writes, with 'logit' by \
              what that adds to a logit; 'logit' alone explains the logit difference of the answer \
              pair, or that of tokens, the final norm's scale held fixed. With 'mlps' the tree goes \
              through MLPs: exactly by a transcoder, else by their neurons with each neuron's gate \
              held fixed; that is an approximation, and 'measured' tells what the number above \
              really loses when the part is taken out before the MLP. 'with qk' adds to each source \
              why the heads that read it looked there: pairs of a part of the query's stream and \
              one of the key's, whose column 'score' is part of the attention score and of nothing \
              else. With 'audit' each followed part is taken out of the model, everything after it \
              computed again: 'exact' is what the number above loses, 'gap' how much more that is \
              than the contribution; 'trust' is good where they differ by 20 % of the larger at \
              most, doubtful up to half, else wrong (parts below 1 % of the number above count as \
              none); 'direct' takes the part out of what the number's own layer reads alone, so \
              that the rest of the gap went through other layers. 'across prompts' gives the mean of \
              the trees of all prompts, part by part and place by place, where a place is a label \
              that the prompts share or so many tokens behind one: what is followed is what is \
              largest in the mean, 'prompts' says how many have it and 'spread' how much they \
              differ; 'across template' does so for the prompts of each value of that tag. An audit \
              takes parts out of each prompt by itself and gives the means of what is lost.""")
          .parameters(
              TreeTarget.WHAT,
              TreeTarget.LOGIT,
              TreeTarget.TOKEN,
              TreeTarget.OVER,
              AT,
              PROMPT,
              DEPTH,
              WIDTH,
              THRESHOLD,
              VIA,
              BY,
              MLPS,
              SIGNED,
              WITH,
              AUDIT,
              TreeAcross.ACROSS)
          .result(ValueKind.TREE)
          .pure()
          .example(
              """
              model sprig
              dataset ioi n 4
              let strongest = features L2 at S2 top 1
              rdfa strongest.feature at S2 depth 2 width 2""",
              "what the most active feature is made of")
          .example(
              """
              model sprig
              dataset ioi n 4
              rdfa logit depth 2 width 2 mlps with qk""",
              "what made the answer likelier than the other name, and why heads looked where")
          .example(
              """
              model sprig
              dataset ioi n 4
              let strongest = features L2 at S2 top 1
              rdfa strongest.feature at S2 depth 1 width 2 audit""",
              "how far the tree is to be trusted")
          .example(
              """
              model sprig
              dataset ioi n 8
              rdfa logit across prompts depth 2 width 2""",
              "what the prompts have in common")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    TreeTarget.check(arguments, forecast);
    if (needsSaes(arguments)) {
      EngineFacts.requireSaes(forecast);
    }
    EngineFacts.requirePrompts(forecast);
    OnePlace.check(arguments, AT);
    TreeAcross.check(arguments, PROMPT, WITH);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    TreeTarget target = new TreeTarget(bench, arguments);
    Places places = Places.ofOne(bench.prompts(), arguments, AT, new Position.End(0));
    CleanRun run = target.run(saes(arguments, bench, session));
    AttributionTreeValue made = new AttributionTreeValue(bench, session);
    if (arguments.has(TreeAcross.ACROSS)) {
      return new TreeAcross(session, bench, arguments, target, made, places, run, AUDIT)
          .value(options(arguments));
    }
    AttributionTree tree = tree(arguments, bench, target, places, run, "rdfa");
    String name = target.name(tree.what());
    return arguments.get(AUDIT)
        ? AuditedTree.of(session, bench, run, tree, made, name, places.text())
        : made.value(tree, name, places.text());
  }

  /** The tree of one prompt: the one that is named, else where the number is largest. */
  private static AttributionTree tree(
      Arguments arguments,
      Workbench bench,
      TreeTarget target,
      Places places,
      CleanRun run,
      String verb) {
    int row =
        arguments.has(PROMPT)
            ? PromptText.number(arguments, PROMPT, run.rows())
            : target.strongest(run, places);
    return AttributionTree.of(
        run,
        target.root(row),
        row,
        places.single()[row],
        options(arguments),
        (done, total) -> bench.progress(verb).step(done, 0));
  }

  /** Whether SAEs split what the tree meets; where heads do, it goes without. */
  private static boolean needsSaes(Arguments arguments) {
    return TreeTarget.mayBeFeature(arguments)
        || !(arguments.isKnown(BY) && arguments.get(BY).equals("head"))
        || !(arguments.isKnown(VIA) && arguments.get(VIA).equals("attention"));
  }

  /** The SAEs of the session; or none, which need not be closed. */
  private static SaeSet saes(Arguments arguments, Workbench bench, Session session) {
    boolean reads =
        needsSaes(arguments) || arguments.get(MLPS) && session.find(Slots.SAES).isPresent();
    return reads
        ? bench.saes()
        : new SaeSet(bench.model().transformer(), bench.model().processing());
  }

  private static TreeOptions options(Arguments arguments) {
    return new TreeOptions(
        arguments.get(WIDTH),
        arguments.get(DEPTH),
        arguments.get(THRESHOLD),
        Via.valueOf(arguments.get(VIA).toUpperCase(Locale.ROOT)),
        arguments.get(BY).equals("head"),
        arguments.get(MLPS),
        arguments.get(SIGNED),
        arguments.has(WITH));
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    TreeTarget target = new TreeTarget(bench, arguments);
    SaeSet saes = saes(arguments, bench, session);
    TreeOptions options = options(arguments);
    int trees =
        arguments.has(TreeAcross.ACROSS) ? TreeAcross.trees(options) * bench.prompts().size() : 1;
    Estimate all =
        bench
            .wholeEstimate(target.hooks())
            .then(new TreeCost(bench, options, target.below()).of(trees, saes))
            .with(new Cost(0, 0, CALLS_TO_LOOK * bench.prompts().size()));
    if (!arguments.get(AUDIT)) {
      return all;
    }
    // What is measured is known from the tree alone.
    Places places = Places.ofOne(bench.prompts(), arguments, AT, new Position.End(0));
    CleanRun run = target.run(saes);
    AttributionTree tree = tree(arguments, bench, target, places, run, "explain");
    AttributionGraph graph =
        new AttributionTreeValue(bench, session)
            .graph(tree, target.name(tree.what()), places.text());
    int prompts = arguments.has(TreeAcross.ACROSS) ? bench.prompts().size() : 1;
    return all.then(AuditedTree.estimate(session, bench, run, tree, graph, prompts).of("audit"));
  }
}
