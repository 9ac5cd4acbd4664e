package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Set;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Fact;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.CurrentPrompts;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.Ioi;
import org.zlens.engine.data.IoiTemplate;
import org.zlens.engine.data.IoiWords;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.data.sprig.SprigPrompts;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.tokenizer.Tokenizer;

/** {@code dataset}: prompts drawn by a generator, labelled and with answer pairs. */
public final class DatasetCommand implements Command {
  private static final String IOI = "ioi";
  private static final Set<String> IOI_LABELS = Set.of("IO", "S1", "S2", "AND", "PUNCT");
  private static final int MOST = 100_000;

  private static final Parameter<String> NAME =
      Parameter.of("name", Types.choice(IOI), "which prompts: 'ioi', indirect objects");

  private static final Parameter<Long> COUNT =
      Parameter.after("n", "count", Types.whole(1, MOST), "how many prompts").orElse(100L);

  private static final Parameter<Long> SEED =
      Parameter.after(
              "seed",
              "number",
              Types.whole(0, Long.MAX_VALUE),
              "where the draw starts; the setting 'seed' without it")
          .optional();

  private static final Parameter<String> TEMPLATES =
      Parameter.after(
              "templates",
              "which",
              Types.choice("mixed", "all", "baba", "abba", "heldout"),
              "the paper's 14, all 30, those of one order, or those that sprig never saw")
          .orElse("mixed");

  private static final Parameter<Boolean> WITHOUT =
      Parameter.flag("nobos", "no beginning-of-text token in front");

  private static final Signature SIGNATURE =
      Signature.verb("dataset", Group.SET_UP, "draw prompts of a task, labelled and with answers")
          .details(
              """
              'ioi': "Then, Ann and Bob went to the store. Bob gave a ring to", whose answer is \
              the name that is not repeated. Labels are IO (the answer's place), S1 and S2 (those \
              of the repeated name), AND, PUNCT and END. The column 'order' is BABA where the \
              repeated name comes first, else ABBA. 'baba' and 'abba' draw from the paper's \
              templates of one order; 'heldout' from templates and pairs of names that the \
              training text of sprig leaves out.""")
          .parameters(NAME, COUNT, SEED, TEMPLATES, WITHOUT)
          .result(ValueKind.PROMPTS)
          .example("model sprig; dataset ioi n 20 seed 1", "20 prompts of both orders")
          .example(
              "model sprig; dataset ioi n 10 templates heldout", "what sprig was not trained on")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireModel(forecast);
    if (arguments.has(WITHOUT)
        && arguments.isKnown(TEMPLATES)
        && arguments.get(TEMPLATES).equals("heldout")) {
      throw arguments.fault(
          WITHOUT, Kind.TYPE, "held-out prompts have a beginning-of-text token", null);
    }
    forecast.know(EngineFacts.PROMPTS, IOI);
    forecast.know(EngineFacts.ANSWERED, true);
    forecast.know(Fact.LABELS, IOI_LABELS);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    LanguageModel model = Workbench.of(session).model();
    int count = Math.toIntExact(arguments.get(COUNT));
    long seed = arguments.find(SEED).orElseGet(() -> session.settings().get(Settings.SEED));
    PromptSet set = draw(arguments, model.tokenizer(), count, seed);
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
    CurrentPrompts prompts = new CurrentPrompts(set, List.of(note(arguments, seed)));
    session.put(Slots.PROMPTS, prompts);
    return prompts;
  }

  /** From what they were drawn, as a script would say it, and what of it was not said. */
  private static String note(Arguments arguments, long seed) {
    return "templates "
        + arguments.get(TEMPLATES)
        + (arguments.has(TEMPLATES) ? "" : " (default)")
        + ", seed "
        + seed
        + (arguments.has(SEED) ? "" : " (the setting)");
  }

  private static PromptSet draw(Arguments arguments, Tokenizer tokenizer, int count, long seed) {
    String which = arguments.get(TEMPLATES);
    if (which.equals("heldout")) {
      return new SprigPrompts(tokenizer).heldOutIoi(count, seed).prompts();
    }
    boolean bos = !arguments.get(WITHOUT) && tokenizer.hasBos();
    return Ioi.draw(tokenizer, bos, templates(which), IoiWords.standard(), count, seed).prompts();
  }

  private static List<IoiTemplate> templates(String which) {
    return switch (which) {
      case "all" -> IoiTemplate.all();
      case "baba" -> ordered(IoiTemplate.Order.BABA);
      case "abba" -> ordered(IoiTemplate.Order.ABBA);
      default -> IoiTemplate.mixed();
    };
  }

  private static List<IoiTemplate> ordered(IoiTemplate.Order order) {
    return IoiTemplate.mixed().stream().filter(template -> template.order() == order).toList();
  }
}
