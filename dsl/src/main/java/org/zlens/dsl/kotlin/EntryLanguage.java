package org.zlens.dsl.kotlin;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.session.Functions;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Keyword;
import org.zlens.dsl.syntax.Lexer;
import org.zlens.dsl.syntax.Parser;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Stage;
import org.zlens.dsl.syntax.Statement;
import org.zlens.dsl.syntax.SyntaxException;
import org.zlens.dsl.syntax.Token;
import org.zlens.dsl.syntax.TokenKind;

/**
 * Which language a line at the prompt is in, by its words alone, so that a mistyped verb gets the
 * help of the command language and not the errors of a compiler.
 *
 * <ol>
 *   <li>A line that begins with a verb, or with a word of the grammar, is a command; but {@code
 *       verb(}, {@code verb.} and {@code for (} are Kotlin.
 *   <li>A line that begins with a word of Kotlin ({@code val}, {@code fun}, {@code if}, ...) is
 *       Kotlin, and so is one that begins with a name that Kotlin has declared, unless it pipes it.
 *   <li>Two words side by side are a command, perhaps a mistyped one: {@code ablat feature L5.F3}.
 *   <li>What the command language reads as an expression of values and functions that it knows is
 *       one: {@code 40 + 2}, {@code max(last.delta)}, {@code t.column}, {@code t | top 3}.
 *   <li>Everything else is Kotlin.
 * </ol>
 */
public final class EntryLanguage {
  private static final Set<String> STARTING =
      Set.of(
          "abstract",
          "class",
          "data",
          "do",
          "enum",
          "fun",
          "if",
          "import",
          "inline",
          "interface",
          "object",
          "open",
          "operator",
          "private",
          "return",
          "sealed",
          "throw",
          "try",
          "typealias",
          "val",
          "var",
          "when",
          "while");

  private final Registry registry;
  private final Predicate<String> declared;

  /**
   * @param declared whether Kotlin has declared a name
   */
  public EntryLanguage(Registry registry, Predicate<String> declared) {
    this.registry = registry;
    this.declared = declared;
  }

  /** Whether an entry is Kotlin; an entry of nothing is not. */
  public boolean isKotlin(String entry) {
    List<Token> tokens =
        Lexer.lex(entry).stream()
            .filter(t -> t.kind() != TokenKind.COMMENT && t.kind() != TokenKind.NEWLINE)
            .toList();
    Token first = tokens.get(0);
    Token second = tokens.get(Math.min(1, tokens.size() - 1));
    boolean joined = !second.spaced();
    return switch (first.kind()) {
      case END, VARIABLE -> false;
      case BAD -> !entry.startsWith("\"", first.span().start());
      case KEYWORD -> keyword(first, second, entry);
      case WORD -> word(first.value(), second, joined, entry);
      default -> !readsAsValue(entry);
    };
  }

  private boolean keyword(Token first, Token second, String entry) {
    if (first.value().equals(Keyword.TRUE) || first.value().equals(Keyword.FALSE)) {
      return !readsAsValue(entry);
    }
    return second.kind() == TokenKind.LEFT_PARENTHESIS
        && !first.value().equals(Keyword.LET)
        && !first.value().equals(Keyword.NOT);
  }

  private boolean word(String word, Token second, boolean joined, String entry) {
    boolean called = joined && second.kind() == TokenKind.LEFT_PARENTHESIS;
    boolean block = second.kind() == TokenKind.LEFT_BRACE;
    if (isVerb(word) && !called && !block && !(joined && second.kind() == TokenKind.LEFT_BRACKET)) {
      return second.is(TokenKind.OPERATOR, "=") && declared.test(word);
    }
    if (called && Functions.ALL.containsKey(word) && !declared.test(word)) {
      return !readsAsValue(entry);
    }
    if (called || joined && second.kind() == TokenKind.LEFT_BRACKET) {
      return true;
    }
    if (STARTING.contains(word)) {
      return second.kind() != TokenKind.END && second.kind() != TokenKind.PIPE
          || !declared.test(word);
    }
    if (declared.test(word)) {
      return !isPiped(entry);
    }
    if (second.is(TokenKind.OPERATOR, "=") || isArgument(second.kind())) {
      return false;
    }
    return !readsAsValue(entry);
  }

  private boolean isVerb(String word) {
    return registry.verbs().stream().anyMatch(v -> v.equals(word) || v.startsWith(word + " "));
  }

  private static boolean isArgument(TokenKind kind) {
    return switch (kind) {
      case WORD, QUOTED_WORD, DOTTED, ADDRESS, NUMBER, STRING, VARIABLE, KEYWORD -> true;
      default -> false;
    };
  }

  private static boolean isPiped(String entry) {
    try {
      return Parser.parse(new SourceText("", entry)).statements().stream()
          .anyMatch(s -> s instanceof Statement.Pipeline p && p.stages().size() > 1);
    } catch (SyntaxException e) {
      return false;
    }
  }

  /** Whether it is whole in the command language and names nothing that only Kotlin has. */
  private boolean readsAsValue(String entry) {
    try {
      for (Statement statement : Parser.parse(new SourceText("", entry)).statements()) {
        if (statement instanceof Statement.Pipeline pipeline
            && pipeline.stages().size() == 1
            && pipeline.stages().get(0) instanceof Stage.Source source
            && !isKnown(source.expression())) {
          return false;
        }
      }
      return true;
    } catch (SyntaxException e) {
      return e.incomplete();
    }
  }

  private boolean isKnown(Expression e) {
    if (e instanceof Expression.Function function) {
      return Functions.ALL.containsKey(function.name())
          && function.operands().stream().allMatch(this::isKnown);
    } else if (e instanceof Expression.Binary binary) {
      return isKnown(binary.left()) && isKnown(binary.right());
    } else if (e instanceof Expression.Unary unary) {
      return isKnown(unary.operand());
    } else if (e instanceof Expression.Range range) {
      return isKnown(range.from()) && isKnown(range.to());
    } else if (e instanceof Expression.ListLiteral list) {
      return list.elements().stream().allMatch(this::isKnown);
    } else if (e instanceof Expression.Word word) {
      return !declared.test(word.text());
    } else if (e instanceof Expression.Dotted dotted) {
      return !declared.test(dotted.text().split("\\.", 2)[0]);
    }
    return true;
  }

  /** Whether Kotlin text goes on in the next line: a bracket, text or comment is open. */
  public static boolean isOpen(String kotlin) {
    int depth = 0;
    KotlinToken last = null;
    for (KotlinToken token : KotlinLexer.lex(kotlin)) {
      if (token.open()) {
        return true;
      }
      if (token.kind() == KotlinToken.Kind.SYMBOL) {
        depth += "([{".contains(token.text()) ? 1 : ")]}".contains(token.text()) ? -1 : 0;
      }
      if (token.kind() != KotlinToken.Kind.COMMENT) {
        last = token;
      }
    }
    return depth > 0 || last != null && goesOn(last, kotlin);
  }

  private static boolean goesOn(KotlinToken last, String kotlin) {
    boolean star = last.isSymbol("*") && kotlin.charAt(Math.max(0, last.span().start() - 1)) == '.';
    return last.kind() == KotlinToken.Kind.SYMBOL
        && !star
        && Set.of("=", "+", "-", "*", "/", "%", ",", ".", "?.", "&&", "||", "?:", "->", "+=", "-=")
            .contains(last.text());
  }
}
