package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.AttributionTree;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.TreeRoot;
import org.zlens.engine.data.AnswerPair;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.sae.SaeSet;

/** What {@code rdfa} is asked to explain: a feature, a head, a logit, or a head by a logit. */
final class TreeTarget {
  static final Parameter<Address> WHAT =
      Parameter.of("what", Types.EXPLAINED, "a feature, or a head").optional();

  static final Parameter<Boolean> LOGIT =
      Parameter.flag(
          "logit", "the answer's logit over the other's; or a head by what it adds to it");

  static final Parameter<String> TOKEN =
      Parameter.of("token", Types.STRING, "whose logit; the prompt's answer without it").optional();

  static final Parameter<String> OVER =
      Parameter.after("over", "token", Types.STRING, "a token whose logit is subtracted")
          .optional();

  private final Workbench bench;
  private final Arguments arguments;

  TreeTarget(Workbench bench, Arguments arguments) {
    this.bench = bench;
    this.arguments = arguments;
  }

  /** Refuses words that do not go together. */
  static void check(Arguments arguments, Forecast forecast) {
    boolean logit = arguments.has(LOGIT);
    if (!arguments.has(WHAT) && !logit) {
      throw new ZlensException(
          Kind.USAGE,
          "nothing is named to follow",
          "a feature, a head or logit, as in: rdfa L2.F417");
    }
    for (Parameter<String> token : List.of(TOKEN, OVER)) {
      if (arguments.has(token) && !logit) {
        throw arguments.fault(
            token, Kind.USAGE, "a token is for a logit", "rdfa logit \" Ann\" over \" Bob\"");
      }
    }
    if (arguments.has(OVER) && !arguments.has(TOKEN)) {
      throw arguments.fault(
          OVER,
          Kind.USAGE,
          "'over' needs the token that it stands against",
          "rdfa logit \" Ann\" over \" Bob\"");
    }
    if (logit
        && arguments.isKnown(WHAT)
        && arguments.has(WHAT)
        && !(arguments.get(WHAT) instanceof Address.Head)) {
      throw arguments.fault(
          WHAT, Kind.USAGE, "a feature is not seen through a logit", "leave out 'logit'");
    }
  }

  /** Whether a feature is asked for, or may be. */
  static boolean mayBeFeature(Arguments arguments) {
    return arguments.has(WHAT)
        && !(arguments.isKnown(WHAT) && arguments.get(WHAT) instanceof Address.Head);
  }

  /** The clean run that the number needs. */
  CleanRun run(SaeSet saes) {
    return arguments.get(LOGIT)
        ? CleanRun.of(bench.transformer(), saes, bench.batch().tokens())
        : CleanRun.upTo(
            arguments.get(WHAT).layer().orElseThrow(),
            bench.transformer(),
            saes,
            bench.batch().tokens());
  }

  /** What it keeps. */
  Hooks hooks() {
    ModelConfig config = bench.model().config();
    return arguments.get(LOGIT)
        ? CleanRun.hooks(config)
        : CleanRun.hooksUpTo(config, arguments.get(WHAT).layer().orElseThrow());
  }

  /** Layers of SAEs below the number. */
  int below() {
    return arguments.get(LOGIT)
        ? bench.model().config().layers()
        : arguments.get(WHAT).layer().orElseThrow();
  }

  /** The number of a prompt. */
  TreeRoot root(int prompt) {
    if (!arguments.has(WHAT)) {
      return logit(prompt);
    }
    Address what = arguments.get(WHAT);
    if (what instanceof Address.Feature feature) {
      return new TreeRoot.AttentionFeature(feature.in(), feature.index());
    } else if (what instanceof Address.ResidualFeature feature) {
      return new TreeRoot.ResidualFeature(feature.in(), feature.index());
    }
    Address.Head head = (Address.Head) what;
    return new TreeRoot.Head(
        head.in(),
        head.index(),
        arguments.get(LOGIT) ? Optional.of(logit(prompt)) : Optional.empty());
  }

  private TreeRoot.Logit logit(int prompt) {
    if (arguments.has(TOKEN)) {
      return new TreeRoot.Logit(
          token(TOKEN), arguments.has(OVER) ? OptionalInt.of(token(OVER)) : OptionalInt.empty());
    }
    AnswerPair pair =
        bench
            .prompts()
            .prompts()
            .get(prompt)
            .answer()
            .orElseThrow(
                () ->
                    new ZlensException(
                        Kind.RUNTIME,
                        "prompt " + prompt + " has no answer pair whose logits could be explained",
                        "say which: rdfa logit \" Ann\" over \" Bob\""));
    return new TreeRoot.Logit(pair.answerId(), OptionalInt.of(pair.overId()));
  }

  private int token(Parameter<String> parameter) {
    try {
      return bench.tokenizer().singleId(arguments.get(parameter));
    } catch (ZlensException e) {
      throw arguments.fault(parameter, e.kind(), e.getMessage(), e.hint());
    }
  }

  /** The prompt in which the number is largest. */
  int strongest(CleanRun run, Places places) {
    int[] at = places.single();
    int strongest = -1;
    double most = Double.NEGATIVE_INFINITY;
    for (int row = 0; row < at.length; row++) {
      double value = AttributionTree.value(run, root(row), row, at[row]);
      if (value > most) {
        strongest = row;
        most = value;
      }
    }
    if (mayBeFeature(arguments) && most <= 0) {
      throw Inactive.nowhere(bench, arguments.get(WHAT), places);
    }
    return strongest;
  }

  /** The number in words, for example {@code L2.F417} or {@code logit of ' Ann' over ' Bob'}. */
  String name(TreeRoot root) {
    if (root instanceof TreeRoot.Logit logit) {
      return "logit of '"
          + bench.piece(logit.answer())
          + "'"
          + (logit.other().isPresent()
              ? " over '" + bench.piece(logit.other().getAsInt()) + "'"
              : "");
    } else if (root instanceof TreeRoot.Head head && head.read().isPresent()) {
      return arguments.get(WHAT).text() + " by the " + name(head.read().get());
    }
    return arguments.get(WHAT).text();
  }
}
