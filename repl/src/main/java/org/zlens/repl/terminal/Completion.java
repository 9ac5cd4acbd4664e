package org.zlens.repl.terminal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.syntax.Keyword;
import org.zlens.dsl.syntax.Lexer;
import org.zlens.dsl.syntax.Token;
import org.zlens.dsl.syntax.TokenKind;

/**
 * What could be typed at a place of a line: verbs where a stage begins, then the words and the
 * arguments of the verb's signature, with what the session holds at this moment.
 */
final class Completion {
  private final Session session;

  Completion(Session session) {
    this.session = session;
  }

  /** Candidates for the word that the cursor is in or behind, whatever has been typed of it. */
  List<Candidate> at(String line, int cursor) {
    List<Token> before = stage(line, cursor);
    return before.isEmpty() ? starts(line, cursor) : arguments(before);
  }

  /** The whole tokens of the stage that the cursor stands in, up to the word at the cursor. */
  private static List<Token> stage(String line, int cursor) {
    List<Token> stage = new ArrayList<>();
    int brackets = 0;
    for (Token token : Lexer.lex(line.substring(0, cursor))) {
      boolean current = token.span().end() == cursor && InputLine.isWord(token);
      if (current || token.kind() == TokenKind.END) {
        break;
      }
      switch (token.kind()) {
        case LEFT_BRACKET, LEFT_PARENTHESIS -> brackets++;
        case RIGHT_BRACKET, RIGHT_PARENTHESIS -> brackets--;
        default -> {}
      }
      boolean separates =
          switch (token.kind()) {
            case SEMICOLON, PIPE -> true;
            case NEWLINE -> brackets <= 0;
            default -> false;
          };
      if (separates) {
        stage.clear();
        brackets = 0;
      } else {
        stage.add(token);
      }
    }
    boolean names =
        stage.size() >= 3
            && stage.get(0).is(TokenKind.KEYWORD, Keyword.LET)
            && stage.get(2).is(TokenKind.OPERATOR, "=");
    return names ? stage.subList(3, stage.size()) : stage;
  }

  private List<Candidate> starts(String line, int cursor) {
    boolean piped =
        Lexer.lex(line.substring(0, cursor)).stream()
                .filter(t -> t.kind() != TokenKind.END)
                .filter(t -> t.span().end() < cursor || !InputLine.isWord(t))
                .reduce((first, second) -> second)
                .map(Token::kind)
                .orElse(null)
            == TokenKind.PIPE;
    List<Candidate> all = new ArrayList<>();
    for (Command command : session.registry().all()) {
      Signature signature = command.signature();
      if (!piped || !signature.input().isEmpty()) {
        all.add(new Candidate(signature.verb(), signature.summary()));
      }
    }
    if (!piped) {
      all.add(new Candidate(Keyword.LET, "give a result a name: let best = ..."));
      all.addAll(variables());
    }
    return all;
  }

  private List<Candidate> arguments(List<Token> stage) {
    Registry registry = session.registry();
    String verb = stage.get(0).value();
    int used = 1;
    Optional<Command> command = Optional.empty();
    if (stage.size() > 1) {
      command = registry.find(verb + " " + stage.get(1).value());
      used = 2;
    }
    if (command.isEmpty()) {
      command = registry.find(verb);
      used = 1;
    }
    return command.isEmpty()
        ? pairs(verb, stage.size())
        : arguments(command.get().signature(), stage.subList(used, stage.size()));
  }

  /** Second words of verbs that are two words. */
  private List<Candidate> pairs(String first, int tokens) {
    if (tokens > 1) {
      return List.of();
    }
    return session.registry().all().stream()
        .map(Command::signature)
        .filter(s -> s.verb().startsWith(first + " "))
        .map(s -> new Candidate(s.verb().substring(first.length() + 1), s.summary()))
        .toList();
  }

  private List<Candidate> arguments(Signature signature, List<Token> written) {
    Forecast forecast = session.forecast();
    String previous = written.isEmpty() ? "" : written.get(written.size() - 1).value();
    Set<String> words = new HashSet<>();
    written.forEach(token -> words.add(token.value()));
    List<Candidate> all = new ArrayList<>();
    for (Parameter<?> parameter : signature.parameters()) {
      boolean introduced = parameter.word() != null && parameter.word().equals(previous);
      if (introduced && !parameter.isFlag()) {
        List<Candidate> expected = new ArrayList<>(parameter.type().candidates(forecast));
        expected.addAll(variables());
        return expected;
      }
      if (parameter.word() == null) {
        all.addAll(parameter.type().candidates(forecast));
      } else if (!words.contains(parameter.word())) {
        all.add(new Candidate(parameter.word(), parameter.summary()));
      }
    }
    all.addAll(variables());
    return all;
  }

  private List<Candidate> variables() {
    List<Candidate> all = new ArrayList<>();
    session
        .variables()
        .forEach((name, value) -> all.add(new Candidate("$" + name, value.kind().phrase())));
    return all;
  }
}
