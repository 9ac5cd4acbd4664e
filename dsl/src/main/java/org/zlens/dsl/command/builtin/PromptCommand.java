package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Fact;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.BosRule;
import org.zlens.dsl.command.engine.CurrentPrompts;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.AnswerPair;
import org.zlens.engine.data.Positions;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.tokenizer.Tokenizer;
import org.zlens.engine.tokenizer.Tokens;

/** {@code prompt}: one text, or one list of token ids, that everything after it works on. */
public final class PromptCommand implements Command {
  private static final Parameter<String> TEXT =
      Parameter.of("text", Types.STRING, "a text in double quotes").optional();

  private static final Parameter<List<Integer>> TOKENS =
      Parameter.after("tokens", "ids", Types.indices(), "token ids, taken as they are").optional();

  private static final Parameter<String> ANSWER =
      Parameter.after("answer", "token", Types.STRING, "the right next token").optional();

  private static final Parameter<String> OVER =
      Parameter.after("over", "token", Types.STRING, "the token that it should win over")
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("prompt", Group.SET_UP, "give the model a text to go on from")
          .details(
              """
              A beginning-of-text token goes in front of a text where the model's texts begin with \
              one ('model' tells), unless 'nobos' is said or the setting 'bos' is off; 'bos' puts it \
              there in any case. Token ids are taken as they are. A text longer than the context of \
              the model is an error; marks of chat turns are written into the text by hand. The answer pair makes the logit difference at END the usual \
              metric; both texts must be single tokens, most of which begin with a space.""")
          .oneOf(TEXT, TOKENS)
          .parameters(ANSWER, OVER, BosRule.WITH, BosRule.WITHOUT)
          .result(ValueKind.PROMPTS)
          .example(
              "model sprig; prompt \"When Ann and Bob went to the store, Bob gave a drink to\""
                  + " answer \" Ann\" over \" Bob\"",
              "a text and the two tokens to compare at its end")
          .example("model sprig; prompt tokens [5, 17, 3]", "a prompt of token ids")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireModel(forecast);
    if (arguments.has(ANSWER) != arguments.has(OVER)) {
      throw arguments.fault(
          arguments.has(ANSWER) ? ANSWER : OVER,
          Kind.TYPE,
          "'answer' and 'over' come together",
          "answer \" Ann\" over \" Bob\"");
    }
    BosRule.check(arguments);
    for (Parameter<Boolean> rule : List.of(BosRule.WITH, BosRule.WITHOUT)) {
      if (arguments.has(rule) && arguments.has(TOKENS)) {
        throw arguments.fault(rule, Kind.TYPE, "token ids are taken as they are", null);
      }
    }
    Optional<ModelConfig> config = forecast.ask(EngineFacts.CONFIG).value();
    if (arguments.has(TEXT) && arguments.isKnown(TEXT)) {
      requireText(arguments);
    }
    if (arguments.has(TOKENS) && arguments.isKnown(TOKENS) && config.isPresent()) {
      requireTokens(arguments, config.get());
    }
    forecast.know(EngineFacts.PROMPTS, "prompt");
    forecast.know(EngineFacts.ANSWERED, arguments.has(ANSWER));
    forecast.know(Fact.LABELS, Set.of());
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    LanguageModel model = Workbench.of(session).model();
    Prompt prompt = arguments.has(TEXT) ? text(arguments, session, model) : ids(arguments, model);
    if (prompt.tokens().size() > model.config().context()) {
      throw arguments.fault(
          arguments.has(TEXT) ? TEXT : TOKENS,
          Kind.TYPE,
          "the prompt has "
              + prompt.tokens().size()
              + " tokens, but the context of '"
              + model.name()
              + "' is "
              + model.config().context(),
          "shorten it");
    }
    if (arguments.has(ANSWER)) {
      prompt = prompt.withAnswer(pair(arguments, model.tokenizer()));
    }
    CurrentPrompts prompts = new CurrentPrompts(PromptSet.of(prompt));
    session.put(Slots.PROMPTS, prompts);
    return prompts;
  }

  private static Prompt text(Arguments arguments, Session session, LanguageModel model) {
    requireText(arguments);
    boolean bos = BosRule.of(arguments, session, model.tokenizer());
    try {
      return Prompt.of(model.tokenizer(), arguments.get(TEXT), bos);
    } catch (ZlensException e) {
      throw arguments.fault(TEXT, e.kind(), e.getMessage(), e.hint());
    }
  }

  /** An empty text would run on the beginning-of-text token alone, which nobody means. */
  private static void requireText(Arguments arguments) {
    if (arguments.get(TEXT).isEmpty()) {
      throw arguments.fault(
          TEXT,
          Kind.TYPE,
          "the prompt is empty",
          "for the beginning-of-text token alone, give its id: prompt tokens [...]");
    }
  }

  private static Prompt ids(Arguments arguments, LanguageModel model) {
    requireTokens(arguments, model.config());
    int[] ids = arguments.get(TOKENS).stream().mapToInt(Integer::intValue).toArray();
    Tokenizer tokenizer = model.tokenizerOrNull();
    boolean known =
        tokenizer != null && IntStream.of(ids).allMatch(id -> id < tokenizer.vocabularySize());
    if (known) {
      boolean bos = ids.length > 1 && tokenizer.hasBos() && ids[0] == tokenizer.bosId();
      return Prompt.of(tokenizer, ids, bos);
    }
    List<String> strings = IntStream.of(ids).mapToObj(id -> "<" + id + ">").toList();
    return new Prompt(
        String.join("", strings),
        new Tokens(ids, strings, false),
        Positions.NONE,
        Optional.empty(),
        Map.of());
  }

  private static void requireTokens(Arguments arguments, ModelConfig config) {
    List<Integer> ids = arguments.get(TOKENS);
    if (ids.isEmpty()) {
      throw arguments.fault(TOKENS, Kind.TYPE, "the prompt is empty", "prompt tokens [5, 17, 3]");
    }
    for (int id : ids) {
      if (id >= config.dVocab()) {
        throw arguments.fault(
            TOKENS,
            Kind.NAME,
            "no token " + id + " in the vocabulary (it has " + config.dVocab() + ")",
            "ids run from 0 to " + (config.dVocab() - 1));
      }
    }
    if (ids.size() > config.context()) {
      throw arguments.fault(
          TOKENS,
          Kind.TYPE,
          "the prompt has " + ids.size() + " tokens, but the context is " + config.context(),
          "shorten it");
    }
  }

  private static AnswerPair pair(Arguments arguments, Tokenizer tokenizer) {
    single(arguments, ANSWER, tokenizer);
    single(arguments, OVER, tokenizer);
    try {
      return AnswerPair.of(tokenizer, arguments.get(ANSWER), arguments.get(OVER));
    } catch (ZlensException e) {
      throw arguments.fault(OVER, Kind.TYPE, e.getMessage(), e.hint());
    }
  }

  private static void single(
      Arguments arguments, Parameter<String> parameter, Tokenizer tokenizer) {
    try {
      tokenizer.singleId(arguments.get(parameter));
    } catch (ZlensException e) {
      throw arguments.fault(parameter, Kind.NAME, e.getMessage(), e.hint());
    }
  }
}
