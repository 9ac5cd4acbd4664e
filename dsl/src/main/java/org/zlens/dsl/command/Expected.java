package org.zlens.dsl.command;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.zlens.dsl.syntax.Token;
import org.zlens.dsl.syntax.TokenKind;

/**
 * What a signature still takes after some arguments.
 *
 * @param values parameters of which an argument could stand next
 * @param words parameters whose word could stand next
 */
record Expected(List<Parameter<?>> values, List<Parameter<?>> words) {

  /** Walks over the arguments that are there already, to see what is still to come. */
  static Expected after(Signature signature, List<Token> written) {
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
      if (wants && depth == 0 && token.is(TokenKind.OPERATOR, "=")) {
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
      return new Expected(expected == null ? List.of() : List.of(expected), List.of());
    }
    List<Parameter<?>> values = new ArrayList<>();
    if (open != null) {
      values.add(open);
    } else {
      for (Parameter<?> place : places) {
        values.add(place);
        if (place.isRequired()) {
          break;
        }
      }
    }
    return new Expected(values, words(signature, used));
  }

  /** The words that may follow; of a set of alternatives none once one of them is there. */
  private static List<Parameter<?>> words(Signature signature, Set<Parameter<?>> used) {
    Set<Parameter<?>> closed = new HashSet<>(used);
    for (List<Parameter<?>> set : signature.alternatives()) {
      if (set.stream().anyMatch(used::contains)) {
        closed.addAll(set);
      }
    }
    List<Parameter<?>> words = new ArrayList<>();
    for (Parameter<?> parameter : signature.parameters()) {
      if (parameter.word() != null && !closed.contains(parameter)) {
        words.add(parameter);
      }
    }
    return words;
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
}
