package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.Session;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.data.corpus.PromptFile;
import org.zlens.engine.tokenizer.Tokenizer;

/** One kind of prompts that {@code dataset} gives; what all of them take is here. */
interface PromptSource {
  /** How many prompts. */
  Parameter<Long> COUNT =
      Parameter.after(
              "n",
              "count",
              Types.whole(1, PromptFile.MOST_PROMPTS),
              "how many prompts, 100 without it; of a file, the first ones, all without it; for"
                  + " 'induction', of each prefix")
          .optional();

  /** Where the draw starts. */
  Parameter<Long> SEED =
      Parameter.after(
              "seed",
              "number",
              Types.whole(0, Long.MAX_VALUE),
              "where the draw starts; the setting 'seed' without it")
          .optional();

  /** Tokens of a prompt. */
  Parameter<Integer> LENGTH =
      Parameter.after("length", "tokens", Types.count(), "tokens of a row").optional();

  /** The number of prompts where none is given. */
  long USUAL_COUNT = 100;

  /**
   * What a draw starts from.
   *
   * @param bos whether a beginning-of-text token goes in front
   * @param count prompts asked for
   */
  record Draw(
      Arguments arguments,
      Session session,
      Tokenizer tokenizer,
      boolean bos,
      int count,
      long seed) {}

  /** The word that a script writes for it, or how errors tell of it. */
  String word();

  /** The parameters that it takes besides {@link #COUNT}. */
  List<Parameter<?>> parameters();

  /** The labels that every prompt has; empty if only the run will tell. */
  Optional<Set<String>> labels();

  /** Whether every prompt has an answer pair; empty if only the run will tell. */
  Optional<Boolean> answered();

  /** Refuses arguments that do not go together. */
  default void check(Arguments arguments, Forecast forecast) {}

  /** The prompts. */
  PromptSet draw(Draw draw);

  /** From what they were drawn, as a script would say it, and what of it was not said. */
  String note(Draw draw);

  /** The seed as notes tell it. */
  static String seedNote(Draw draw) {
    return "seed " + draw.seed() + (draw.arguments().has(SEED) ? "" : " (the setting)");
  }
}
