package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Fact;
import org.zlens.dsl.command.FileCandidates;
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
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.model.LanguageModel;

/** {@code dataset}: prompts that are drawn by a generator or read from a file, with labels. */
public final class DatasetCommand implements Command {
  private static final List<PromptSource> NAMED =
      List.of(
          new IoiSource(),
          new InductionSource(),
          new DigitSource(),
          new UrlSource(),
          new CorpusSource(),
          new FileSource());

  private static final Parameter<String> NAME =
      Parameter.of(
          "name",
          Types.choice(NAMED.stream().map(PromptSource::word).toArray(String[]::new)),
          "which prompts");

  private static final Parameter<Boolean> ASIDE =
      Parameter.flag("aside", "only a value to give a name: the current prompts stay");

  private static final Signature SIGNATURE =
      Signature.verb("dataset", Group.SET_UP, "draw prompts of a task, labelled and with answers")
          .details(
              """
              'ioi': "Then, Ann and Bob went to the store. Bob gave a ring to", whose answer is \
              the name that is not repeated. Labels are IO (the answer's place), S1 and S2 (those \
              of the repeated name), AND, PUNCT and END; S1+1 is the place after S1. The column \
              'order' is BABA where the repeated name comes first, else ABBA. 'heldout' draws from \
              templates and pairs of names that the training text of sprig leaves out. The same \
              seed with 'variant', 'joiner' or 'filler' gives corrupted prompts, each of which \
              belongs to the clean prompt of its number: its answers and labels are those of the \
              clean one. 'flipped' puts two other names for the two, 'abc' three for the three \
              places, 'swapped' each in the other's place.

              'induction': random tokens, the last of which repeat earlier ones; the answer is \
              what followed those. Labels: FIRST and SECOND, where the copied tokens begin, and \
              SOURCE, the place to look at from END. 'digits': "Image 2/8 Image 5/", to be \
              answered with the TOTAL. 'urls': links that end in a random code, from CODE to END, \
              without answers. 'corpus': the first rows of the corpus.

              'file' reads one JSON object a line: "text" (or "tokens", a list of ids), and \
              perhaps "answer" with "over", "labels" such as {"S2": [" Bob", 2], "PUNCT": 6}, \
              where a place is counted from 0 with the beginning-of-text token, and "tags" such \
              as {"order": "ABBA"}. Words may be written n=100 as well. Whether a beginning-of-text \
              token goes in front is as for 'prompt'.""")
          .parameters(NAME, FileSource.FILE, PromptSource.COUNT)
          .parameters(own().toArray(Parameter<?>[]::new))
          .parameters(ASIDE)
          .result(ValueKind.PROMPTS)
          .example("model sprig; dataset ioi n=20 seed=1 templates ABBA, BABA", "of both orders")
          .example(
              "model sprig; dataset ioi n 10 templates heldout", "what sprig was not trained on")
          .example(
              """
              model sprig
              dataset ioi n=20 seed=1
              let other = dataset ioi n=20 seed=1 variant flipped aside""",
              "prompts to patch from, one for each of the current ones")
          .example("model sprig; dataset induction n=5 prefix 1..9", "five of each prefix length")
          .example("model sprig; corpus sprig; dataset corpus n=8 length 32", "rows of plain text")
          .build();

  /** What only some of the sources take. */
  private static Set<Parameter<?>> own() {
    return NAMED.stream()
        .flatMap(source -> source.parameters().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public List<Candidate> complete(
      Parameter<?> parameter, List<String> written, String typed, Forecast forecast) {
    return parameter == FileSource.FILE
        ? FileCandidates.of(forecast, typed, file -> file.toString().contains(".jsonl"))
        : Command.super.complete(parameter, written, typed, forecast);
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireModel(forecast);
    BosRule.check(arguments);
    Optional<PromptSource> known = source(arguments);
    known.ifPresent(
        source -> {
          refuseOthers(arguments, source);
          source.check(arguments, forecast);
        });
    if (arguments.has(ASIDE)) {
      return;
    }
    forecast.know(EngineFacts.PROMPTS, known.map(PromptSource::word).orElse("prompts"));
    known
        .flatMap(PromptSource::answered)
        .ifPresentOrElse(
            answered -> forecast.know(EngineFacts.ANSWERED, answered),
            () -> forecast.forget(EngineFacts.ANSWERED));
    known
        .flatMap(PromptSource::labels)
        .ifPresentOrElse(
            labels -> forecast.know(Fact.LABELS, labels), () -> forecast.forget(Fact.LABELS));
  }

  /** The source, unless its name hangs on the run. */
  private static Optional<PromptSource> source(Arguments arguments) {
    return arguments.isKnown(NAME) ? Optional.of(named(arguments.get(NAME))) : Optional.empty();
  }

  private static PromptSource named(String word) {
    return NAMED.stream().filter(source -> source.word().equals(word)).findFirst().orElseThrow();
  }

  private static void refuseOthers(Arguments arguments, PromptSource source) {
    for (Parameter<?> parameter : own()) {
      if (arguments.has(parameter) && !source.parameters().contains(parameter)) {
        List<String> takers =
            NAMED.stream()
                .filter(other -> other.parameters().contains(parameter))
                .map(PromptSource::word)
                .toList();
        throw arguments.fault(
            parameter,
            Kind.TYPE,
            parameter == FileSource.FILE
                ? "only 'dataset file' reads a file"
                : "'" + parameter.word() + "' is for " + String.join(", ", takers),
            null);
      }
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    LanguageModel model = Workbench.of(session).model();
    PromptSource source = source(arguments).orElseThrow();
    refuseOthers(arguments, source);
    source.check(arguments, session.forecast());
    PromptSource.Draw draw =
        new PromptSource.Draw(
            arguments,
            session,
            model.tokenizer(),
            BosRule.of(arguments, session, model.tokenizer()),
            Math.toIntExact(arguments.find(PromptSource.COUNT).orElse(PromptSource.USUAL_COUNT)),
            arguments
                .find(PromptSource.SEED)
                .orElseGet(() -> session.settings().get(Settings.SEED)));
    PromptSet set = source.draw(draw);
    if (set.longest() > model.config().context()) {
      throw arguments.fault(
          NAME,
          Kind.TYPE,
          "the longest prompt has "
              + set.longest()
              + " tokens, but the context of '"
              + model.name()
              + "' is "
              + model.config().context(),
          null);
    }
    List<String> notes = new ArrayList<>();
    notes.add(source.note(draw));
    if (arguments.has(ASIDE)) {
      notes.add("the current prompts stay");
      return new CurrentPrompts(set, notes);
    }
    CurrentPrompts prompts = new CurrentPrompts(set, notes);
    session.put(Slots.PROMPTS, prompts);
    return prompts;
  }
}
