package org.zlens.dsl.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.zlens.dsl.session.Functions;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Keyword;
import org.zlens.dsl.syntax.Token;

/** Finds what could be typed next, from the signatures and from what is known of the session. */
public final class Completer {
  private static final String VARIABLE = "$";
  private static final String LAST = "last";
  private static final Predicate<Path> SCRIPT = file -> file.toString().endsWith(".zl");

  private final Registry registry;
  private final Forecast forecast;

  public Completer(Registry registry, Forecast forecast) {
    this.registry = registry;
    this.forecast = forecast;
  }

  /**
   * What could stand at the cursor, given the text before it, whatever has been typed of it. Values
   * come in the order of their type, everything else in alphabetical order.
   */
  public Completion complete(String before) {
    Place place = Place.atEndOf(before);
    List<Candidate> values = new ArrayList<>();
    List<Candidate> words = new ArrayList<>();
    if (place.isAfter(Keyword.INCLUDE) && place.stage().size() == 1) {
      values.addAll(FileCandidates.of(forecast, place.typed(), SCRIPT));
    } else if (place.isExpression()) {
      expression(words);
      values.addAll(Types.ADDRESS.candidates(forecast, place.typed()));
    } else if (place.isAfter(Keyword.FOR) && place.stage().size() == 2) {
      words.add(new Candidate("in", "what the loop goes over"));
    } else if (place.stage().isEmpty()) {
      verbs(place, words);
    } else {
      Optional<Call> call = Call.in(registry, place.stage());
      call.ifPresent(c -> arguments(c, place, values, words));
      secondWords(place.stage(), words);
    }
    fields(place.typed(), words);
    if (place.typed().startsWith(VARIABLE)) {
      forecast
          .variables()
          .forEach((name, kind) -> words.add(new Candidate(VARIABLE + name, kind.phrase())));
      words.add(new Candidate(VARIABLE + "_", "the last result"));
    }
    words.sort(Comparator.comparing(Candidate::text));
    values.addAll(words);
    if (place.isText()) {
      // Inside a string only what is a string itself, such as a path, can stand.
      values.removeIf(c -> !c.text().startsWith("\""));
    }
    Set<String> seen = new HashSet<>();
    List<Candidate> all = values.stream().filter(c -> seen.add(c.text())).toList();
    return new Completion(place.start(), place.typed(), all);
  }

  /** Where the word begins that is being typed at the end of a text. */
  public static int wordStart(String before) {
    return Place.atEndOf(before).start();
  }

  /** What an expression may begin with. */
  private void expression(List<Candidate> found) {
    forecast.variables().forEach((name, kind) -> found.add(new Candidate(name, kind.phrase())));
    Functions.ALL.forEach((name, says) -> found.add(Candidate.beginning(name + "(", says)));
    if (forecast.lastKind() != ValueKind.NOTHING) {
      found.add(new Candidate(LAST, "the last result"));
    }
  }

  /** The columns of the table whose name and dot are typed. */
  private void fields(String typed, List<Candidate> found) {
    int dot = typed.lastIndexOf('.');
    if (dot < 1) {
      return;
    }
    String stem = typed.substring(0, dot);
    String name = stem.startsWith(VARIABLE) ? stem.substring(1) : stem;
    boolean last = name.equals("_") || name.equals(LAST) && !forecast.variables().containsKey(LAST);
    for (String column :
        (last ? forecast.lastColumns() : forecast.columns(name)).orElse(List.of())) {
      if (Columns.isPlain(column)) {
        found.add(new Candidate(stem + "." + column, "column"));
      }
    }
  }

  /**
   * What there is to know about the place at the end of a text: the verb there, and what may follow
   * it; null inside strings and comments.
   */
  public String explain(String before) {
    Place place = Place.atEndOf(before);
    if (place.isText()) {
      return null;
    }
    Optional<Call> call = Call.in(registry, place.stage());
    if (call.isEmpty() && place.stage().isEmpty() && !place.typed().isEmpty()) {
      call = registry.find(place.typed()).map(command -> new Call(command, List.of()));
    }
    if (call.isPresent()) {
      Signature signature = call.get().command().signature();
      StringBuilder out = new StringBuilder(HelpText.brief(signature));
      for (Parameter<?> next : Expected.after(signature, call.get().written()).values()) {
        out.append(HelpText.wrap("here: " + HelpText.describe(next), "  ", "        "));
        out.append('\n');
      }
      return out.append("'help ").append(signature.verb()).append("' tells more\n").toString();
    }
    return overview();
  }

  private String overview() {
    List<List<String>> rows = new ArrayList<>();
    for (Group group : Group.values()) {
      String verbs = String.join(", ", registry.all(group).stream().map(Completer::verb).toList());
      if (!verbs.isEmpty()) {
        rows.add(List.of(group.title(), verbs));
      }
    }
    return HelpText.columns(rows) + "'help VERB' explains one; 'VERB ?' says what may follow it\n";
  }

  private static String verb(Command command) {
    return command.signature().verb();
  }

  private void verbs(Place place, List<Candidate> found) {
    for (Command command : registry.all()) {
      Signature signature = command.signature();
      boolean fits =
          place.isEdit()
              ? command instanceof EditingCommand
              : !place.isPiped() || !signature.input().isEmpty();
      if (fits) {
        String word = signature.verb().split(" ")[0];
        found.add(new Candidate(word, signature.summary()));
      }
    }
    if (!place.isPiped() && !place.isEdit()) {
      forecast.variables().forEach((name, kind) -> found.add(new Candidate(name, kind.phrase())));
    }
    if (place.startsStatement()) {
      found.add(new Candidate(Keyword.FOR, "the statements of a block once for each value"));
      found.add(new Candidate(Keyword.LET, "give a result a name"));
      found.add(new Candidate(Keyword.WITH, "hold edits in force for a block"));
    }
  }

  private void secondWords(List<Token> stage, List<Candidate> found) {
    if (stage.size() == 1) {
      for (Command command : registry.all()) {
        String[] words = verb(command).split(" ");
        if (words.length == 2 && words[0].equals(stage.get(0).value())) {
          found.add(new Candidate(words[1], command.signature().summary()));
        }
      }
    }
  }

  private void arguments(Call call, Place place, List<Candidate> values, List<Candidate> words) {
    Signature signature = call.command().signature();
    Expected expected = Expected.after(signature, call.written());
    List<String> written = call.written().stream().map(Token::value).toList();
    for (Parameter<?> parameter : expected.values()) {
      List<Candidate> own = call.command().complete(parameter, written, place.typed(), forecast);
      values.addAll(own);
      boolean piped = !signature.input().isEmpty();
      boolean expression = parameter.type().isOverColumns() && (own.isEmpty() || piped);
      boolean column = parameter.type() == Types.NAME && piped;
      if (expression || column) {
        words.addAll(Columns.before(place, registry, forecast));
      }
      if (expression) {
        Functions.ALL.forEach((name, says) -> words.add(Candidate.beginning(name + "(", says)));
      }
      forecast
          .variables()
          .forEach(
              (name, kind) -> {
                if (parameter.type().accepts(kind)) {
                  words.add(new Candidate(name, kind.phrase()));
                }
              });
    }
    for (Parameter<?> parameter : expected.words()) {
      words.add(new Candidate(parameter.word(), parameter.summary()));
    }
  }
}
