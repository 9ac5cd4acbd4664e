package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.OptionalInt;
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
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.LogitAttribution;
import org.zlens.engine.attribute.LogitScale;
import org.zlens.engine.data.AnswerPair;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.sae.SaeSet;

/** {@code dla}: a logit, or the difference of two, as a sum over what writes to the stream. */
public final class DlaCommand implements Command, Planned {
  /** Native calls for each layer of a prompt; what it takes to make rows counts as so many. */
  private static final double CALLS_OF_PARTS = 60;

  private static final double CALLS_OF_FEATURES = 500;

  /** Bytes for each layer of a prompt: what its active features write, and their rows. */
  private static final double HELD_OF_FEATURES = 65_536;

  private static final Parameter<Position> AT = OnePlace.at("whose prediction; END without it");

  private static final Parameter<String> OF =
      Parameter.after("of", "token", Types.STRING, "a token; the prompt's answer without it")
          .optional();

  private static final Parameter<String> OVER =
      Parameter.after("over", "token", Types.STRING, "a token whose logit is subtracted")
          .optional();

  private static final Parameter<String> BY =
      Parameter.after(
              "by",
              "split",
              Types.choice("layer", "component", "head", "feature"),
              "what rows stand for")
          .orElse("component");

  private static final Parameter<Address.Layer> SCALE =
      Parameter.after(
              "scale",
              "layer",
              Types.LAYER,
              "the norm scale before the attention of a layer; that of the final norm without it")
          .optional();

  private static final Parameter<Boolean> EACH =
      Parameter.flag("each", "rows for every prompt, not their means");

  private static final Signature SIGNATURE =
      Signature.verb("dla", Group.ATTRIBUTE, "split a logit difference by what wrote it")
          .details(
              """
              Direct logit attribution: what the embeddings, each attention output and each MLP \
              add to the logit difference of the answer pair, with the final norm's scale held \
              fixed. 'by head' splits attention outputs by head, 'by feature' by the features of \
              the attention SAEs, their biases and errors. Biases have rows, so that the rows sum \
              to the difference. 'by layer' goes through the stream: what each layer adds, what the \
              stream after it holds, and what the unembedding would read of it at its own norm \
              scale (logit lens). 'scale L6' divides by the norm scale before the attention of \
              layer 6, as the code of the attention SAE paper does; the rows sum to the difference \
              at that scale then.""")
          .parameters(AT, OF, OVER, BY, SCALE, EACH)
          .result(ValueKind.TABLE)
          .pure()
          .example(
              "model sprig\ndataset ioi n 8\ndla by head | top 5 by abs(contribution)",
              "the heads that write the answer")
          .example(
              "model sprig\ndataset ioi n 8\ndla by layer",
              "where on its way through the model the answer is decided")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requirePrompts(forecast);
    OnePlace.check(arguments, AT);
    if (arguments.isKnown(BY) && arguments.get(BY).equals("feature")) {
      EngineFacts.requireSaes(forecast);
    }
    if (arguments.has(OVER) && !arguments.has(OF)) {
      throw arguments.fault(
          OVER,
          Kind.USAGE,
          "'over' needs the token that it stands against",
          "of \" Ann\" over ...");
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    PromptSet prompts = bench.prompts();
    String by = arguments.get(BY);
    AttributionTable.Split split =
        by.equals("feature") ? AttributionTable.Split.FEATURES : AttributionTable.Split.PARTS;
    AttributionTable table = new AttributionTable(session, split, "logits");
    LayerTable layers = new LayerTable(session);
    LogitScale scale =
        arguments
            .find(SCALE)
            .map(layer -> LogitScale.before(layer.index()))
            .orElse(LogitScale.FINAL);
    Places places = Places.ofOne(prompts, arguments, AT, new Position.End(0));
    int[] at = places.single();
    // Only the split by features reads SAEs; without it none need be there.
    try (SaeSet none = new SaeSet(bench.transformer())) {
      SaeSet saes = by.equals("feature") ? bench.saes() : none;
      CleanRun run = CleanRun.of(bench.transformer(), saes, bench.batch().tokens());
      for (int row = 0; row < prompts.size(); row++) {
        Target target = target(bench, arguments, prompts.prompts().get(row), row);
        LogitAttribution one =
            LogitAttribution.of(run, row, at[row], target.answer(), target.other(), scale);
        if (by.equals("layer")) {
          layers.add(row, one);
        }
        table.add(
            row,
            switch (by) {
              case "head" -> one.byHead();
              case "feature" -> one.byFeature();
              default -> one.byComponent();
            });
        bench.progress("dla").step(row + 1, prompts.size());
      }
    }
    String logit = arguments.has(OF) && !arguments.has(OVER) ? "logit" : "logit difference";
    String what = scale.isFinal() ? logit : logit + " at the scale of " + scale.name();
    String title = "the " + what + " at " + places.text() + " by " + by;
    TableValue found =
        by.equals("layer")
            ? layers.table(title, what, !arguments.get(EACH))
            : table.table(title, what, !arguments.get(EACH));
    return found.withNotes(List.of("scale: " + scale.name()));
  }

  private record Target(int answer, OptionalInt other) {}

  private static Target target(Workbench bench, Arguments arguments, Prompt prompt, int row) {
    if (arguments.has(OF)) {
      return new Target(
          token(bench, arguments, OF),
          arguments.has(OVER)
              ? OptionalInt.of(token(bench, arguments, OVER))
              : OptionalInt.empty());
    }
    AnswerPair pair =
        prompt
            .answer()
            .orElseThrow(
                () ->
                    new ZlensException(
                        Kind.RUNTIME,
                        "prompt " + row + " has no answer pair whose logits could be explained",
                        "say which: dla of \" Ann\" over \" Bob\""));
    return new Target(pair.answerId(), OptionalInt.of(pair.overId()));
  }

  private static int token(Workbench bench, Arguments arguments, Parameter<String> parameter) {
    try {
      return bench.tokenizer().singleId(arguments.get(parameter));
    } catch (ZlensException e) {
      throw arguments.fault(parameter, e.kind(), e.getMessage(), e.hint());
    }
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    ModelConfig config = bench.model().config();
    double prompts = bench.prompts().size();
    double width = config.dModel();
    boolean byFeature = arguments.get(BY).equals("feature");
    double features =
        byFeature
            ? IntStream.range(0, config.layers())
                .mapToDouble(layer -> bench.saes().attention(layer).features())
                .sum()
            : 0;
    // Of each prompt the parts of one vector: by feature all SAEs read it and write to it.
    double calls = config.layers() * (byFeature ? CALLS_OF_FEATURES : CALLS_OF_PARTS);
    Cost each = new Cost(4 * features * width, 4 * features, calls, 2 * features * width);
    double held = byFeature ? prompts * config.layers() * HELD_OF_FEATURES : 0;
    return bench
        .wholeEstimate(CleanRun.hooks(config))
        .with(each.times(prompts))
        .holding((long) held);
  }
}
