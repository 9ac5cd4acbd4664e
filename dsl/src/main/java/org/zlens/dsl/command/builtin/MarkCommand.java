package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.ZlensException;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;

/** {@code mark}: gives a position of each prompt a name. */
public final class MarkCommand implements Command {
  private static final Parameter<Types.Marking> MARKING =
      Parameter.of("label = place", Types.MARKING, "the name and what it shall stand for");

  private static final Signature SIGNATURE =
      Signature.verb("mark", Group.SET_UP, "name a position of the prompts")
          .details(
              """
              The place is the n-th token of a text (" Bob"#2), a number, another label or END, \
              each with an offset if need be. Every prompt resolves it for itself; a prompt that \
              lacks it is an error.""")
          .parameters(MARKING)
          .result(ValueKind.PROMPTS)
          .example(
              "model sprig; prompt \"When Ann and Bob went to the store, Bob gave a drink to\"\n"
                  + "mark S2 = \" Bob\"#2\nmark NEXT = S2+1",
              "S2 is the second Bob")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requirePrompts(forecast);
    Optional<Set<String>> labels = forecast.ask(Fact.LABELS).value();
    if (arguments.isKnown(MARKING) && labels.isPresent()) {
      Set<String> more = new TreeSet<>(labels.get());
      more.add(arguments.get(MARKING).label());
      forecast.know(Fact.LABELS, more);
    } else {
      forecast.forget(Fact.LABELS);
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    PromptSet set = Workbench.of(session).prompts();
    Types.Marking marking = arguments.get(MARKING);
    int[] places;
    try {
      places = Places.of(set, List.of(marking.place())).single();
    } catch (ZlensException e) {
      throw arguments.fault(MARKING, e.kind(), e.getMessage(), e.hint());
    }
    List<Prompt> marked = new ArrayList<>();
    for (int row = 0; row < set.size(); row++) {
      Prompt prompt = set.prompts().get(row);
      marked.add(prompt.withPositions(prompt.positions().with(marking.label(), places[row])));
    }
    List<String> notes = session.find(Slots.PROMPTS).orElseThrow().notes();
    CurrentPrompts prompts = new CurrentPrompts(new PromptSet(set.name(), marked), notes);
    session.put(Slots.PROMPTS, prompts);
    return prompts;
  }
}
