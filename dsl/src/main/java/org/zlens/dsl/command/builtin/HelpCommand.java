package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.HelpText;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.ParameterType;
import org.zlens.dsl.command.Reading;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Topic;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException.Kind;

/** {@code help}: the verbs, one verb, or a topic. */
public final class HelpCommand implements Command {
  private static final Parameter<List<String>> ABOUT =
      Parameter.of("verb", new AboutType(), "a verb or a topic").optional().many();

  private static final Signature SIGNATURE =
      Signature.verb("help", Group.SESSION, "list the verbs, or explain one, or a topic")
          .parameters(ABOUT)
          .result(ValueKind.TEXT)
          .example("help", "all verbs in a line each")
          .example("help where", "everything about one verb")
          .example("help positions", "how places in prompts are written")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    explain(arguments, forecast.registry());
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    return new TextValue(explain(arguments, session.registry()));
  }

  private static String explain(Arguments arguments, Registry registry) {
    if (!arguments.has(ABOUT)) {
      return overview(registry);
    }
    String name = String.join(" ", arguments.get(ABOUT));
    List<String> names = new ArrayList<>(registry.verbs());
    if (registry.find(name).isPresent()) {
      return HelpText.of(registry.find(name).get().signature());
    }
    for (Topic topic : Topics.all()) {
      if (topic.name().equals(name.toLowerCase(Locale.ROOT))) {
        return topic.text();
      }
      names.add(topic.name());
    }
    throw arguments.fault(
        ABOUT,
        Kind.NAME,
        "no verb or topic " + Quoted.of(name),
        Suggestion.didYouMean(name, names, "type 'help' for the verbs"));
  }

  private static String overview(Registry registry) {
    StringBuilder out = new StringBuilder();
    for (Group group : Group.values()) {
      List<List<String>> rows = new ArrayList<>();
      for (Command command : registry.all(group)) {
        rows.add(List.of(command.signature().verb(), command.signature().summary()));
      }
      if (!rows.isEmpty()) {
        out.append(group.title()).append('\n').append(HelpText.columns(rows)).append('\n');
      }
    }
    String topics = String.join(", ", Topics.all().stream().map(Topic::name).toList());
    return out.append("'help VERB' explains one; other topics are\n  ").append(topics).toString();
  }

  /** Takes any word, also one that has another meaning elsewhere. */
  private static final class AboutType implements ParameterType<String> {
    @Override
    public String expected() {
      return "a verb or a topic";
    }

    @Override
    public String read(Expression expression, Reading reading) {
      return Types.NAME.read(expression, reading);
    }

    @Override
    public List<Candidate> candidates(Forecast forecast) {
      List<Candidate> all = new ArrayList<>();
      forecast
          .registry()
          .all()
          .forEach(c -> all.add(new Candidate(c.signature().verb(), c.signature().summary())));
      Topics.all().forEach(topic -> all.add(new Candidate(topic.name(), topic.summary())));
      return all;
    }
  }
}
