package org.zlens.dsl.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Functions;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.syntax.Keyword;
import org.zlens.dsl.syntax.Lexer;
import org.zlens.dsl.syntax.Token;
import org.zlens.dsl.syntax.TokenKind;

/** Finds what could be typed next, from the signatures and from what is known of the session. */
public final class Completer {
  private static final String VARIABLE = "$";
  private static final String DELIMITERS = " \t\n()[],|;=<>+*/\"";

  private final Registry registry;
  private final Forecast forecast;

  public Completer(Registry registry, Forecast forecast) {
    this.registry = registry;
    this.forecast = forecast;
  }

  /**
   * What could stand at the cursor, given the text before it, in alphabetical order, whatever has
   * been typed of it.
   */
  public Completion complete(String before) {
    int start = before.length();
    while (start > 0 && DELIMITERS.indexOf(before.charAt(start - 1)) < 0) {
      start--;
    }
    String typed = before.substring(start);
    List<Token> stage = new ArrayList<>();
    boolean piped = false;
    for (Token token : Lexer.lex(before.substring(0, start))) {
      switch (token.kind()) {
        case SEMICOLON, NEWLINE -> {
          piped = false;
          stage.clear();
        }
        case PIPE -> {
          piped = true;
          stage.clear();
        }
        case BAD -> {
          // An open string or worse: nothing of ours stands there.
          return new Completion(start, typed, List.of());
        }
        case COMMENT, END -> {}
        default -> stage.add(token);
      }
    }
    List<Candidate> found = new ArrayList<>();
    if (stage.isEmpty() || afterLet(stage)) {
      verbs(piped, stage.isEmpty(), found);
    } else {
      command(stage).ifPresent(c -> arguments(c.signature(), stage, found));
      secondWords(stage, found);
    }
    Set<String> seen = new HashSet<>();
    if (typed.startsWith(VARIABLE)) {
      forecast
          .variables()
          .forEach((name, kind) -> found.add(new Candidate(VARIABLE + name, kind.phrase())));
    }
    List<Candidate> all =
        found.stream()
            .filter(c -> seen.add(c.text()))
            .sorted(Comparator.comparing(Candidate::text))
            .toList();
    return new Completion(start, typed, all);
  }

  private static boolean afterLet(List<Token> stage) {
    return stage.size() == 3 && stage.get(0).is(TokenKind.KEYWORD, Keyword.LET);
  }

  private void verbs(boolean piped, boolean first, List<Candidate> found) {
    for (Command command : registry.all()) {
      Signature signature = command.signature();
      if (!piped || !signature.input().isEmpty()) {
        String word = signature.verb().split(" ")[0];
        found.add(new Candidate(word, signature.summary()));
      }
    }
    if (!piped) {
      variables(found);
      if (first) {
        found.add(new Candidate(Keyword.LET, "give a result a name"));
      }
    }
  }

  private Optional<Command> command(List<Token> stage) {
    int verb = stage.get(0).is(TokenKind.KEYWORD, Keyword.LET) ? 3 : 0;
    if (stage.size() <= verb) {
      return Optional.empty();
    }
    if (stage.size() > verb + 1) {
      Optional<Command> pair =
          registry.find(stage.get(verb).value() + " " + stage.get(verb + 1).value());
      if (pair.isPresent()) {
        stage.subList(0, verb + 2).clear();
        return pair;
      }
    }
    Optional<Command> command = registry.find(stage.get(verb).value());
    command.ifPresent(c -> stage.subList(0, verb + 1).clear());
    return command;
  }

  private void secondWords(List<Token> stage, List<Candidate> found) {
    if (stage.size() == 1) {
      for (Command command : registry.all()) {
        String[] words = command.signature().verb().split(" ");
        if (words.length == 2 && words[0].equals(stage.get(0).value())) {
          found.add(new Candidate(words[1], command.signature().summary()));
        }
      }
    }
  }

  /** Walks over the arguments that are there already, to see what is still to come. */
  private void arguments(Signature signature, List<Token> written, List<Candidate> found) {
    List<Parameter<?>> places =
        new ArrayList<>(signature.parameters().stream().filter(p -> p.word() == null).toList());
    Set<Parameter<?>> used = new HashSet<>();
    Parameter<?> open = null;
    Parameter<?> recent = null;
    boolean wants = false;
    boolean joined = false;
    int depth = 0;
    for (Token token : written) {
      Parameter<?> introduced = depth == 0 ? introduced(signature, token) : null;
      if (introduced != null) {
        used.add(introduced);
        open = introduced.isFlag() ? null : introduced;
        wants = open != null;
        joined = false;
        continue;
      }
      depth += depthChange(token.kind());
      boolean joint = joint(token.kind());
      if (!joint && !joined && depth == 0) {
        if (open == null && !places.isEmpty()) {
          recent = places.remove(0);
          open = recent.isMany() ? recent : null;
        } else if (open != null) {
          recent = open;
          open = open.isMany() ? open : null;
        }
        wants = false;
      }
      joined = joint;
    }
    if (wants || depth > 0 || joined) {
      Parameter<?> expected = open;
      if (expected == null) {
        expected = joined || places.isEmpty() ? recent : places.get(0);
      }
      if (expected != null) {
        values(expected, found);
      }
      return;
    }
    if (open != null) {
      values(open, found);
    } else if (!places.isEmpty()) {
      values(places.get(0), found);
    }
    for (Parameter<?> parameter : signature.parameters()) {
      if (parameter.word() != null && !used.contains(parameter)) {
        found.add(new Candidate(parameter.word(), parameter.summary()));
      }
    }
  }

  private static Parameter<?> introduced(Signature signature, Token token) {
    return signature.parameters().stream()
        .filter(p -> token.kind() == TokenKind.WORD && token.value().equals(p.word()))
        .findFirst()
        .orElse(null);
  }

  private static int depthChange(TokenKind kind) {
    return switch (kind) {
      case LEFT_BRACKET, LEFT_PARENTHESIS -> 1;
      case RIGHT_BRACKET, RIGHT_PARENTHESIS -> -1;
      default -> 0;
    };
  }

  private static boolean joint(TokenKind kind) {
    return switch (kind) {
      case OPERATOR, RANGE, COMMA, KEYWORD -> true;
      default -> false;
    };
  }

  private void values(Parameter<?> parameter, List<Candidate> found) {
    found.addAll(parameter.type().candidates(forecast));
    boolean expression = parameter.type() == Types.EXPRESSION;
    if (expression || parameter.type() == Types.NAME) {
      columns(found);
    }
    if (expression) {
      Functions.ALL.forEach((name, says) -> found.add(new Candidate(name + "(", says)));
    }
    forecast
        .variables()
        .forEach(
            (name, kind) -> {
              if (parameter.type().accepts(kind)) {
                found.add(new Candidate(name, kind.phrase()));
              }
            });
  }

  /** The columns of the last result; what is piped in is often made of it. */
  private void columns(List<Candidate> found) {
    TableValue table = forecast.last() == null ? null : Cells.tableOf(forecast.last());
    if (table != null) {
      new TreeSet<>(table.table().columnNames())
          .forEach(
              name ->
                  found.add(
                      new Candidate(
                          name.matches("[\\p{L}_][\\p{L}0-9_]*") ? name : "`" + name + "`",
                          "column")));
    }
  }

  private void variables(List<Candidate> found) {
    forecast.variables().forEach((name, kind) -> found.add(new Candidate(name, kind.phrase())));
  }
}
