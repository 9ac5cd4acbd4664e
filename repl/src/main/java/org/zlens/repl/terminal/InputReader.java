package org.zlens.repl.terminal;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.Candidate;
import org.jline.reader.LineReader;
import org.jline.reader.Reference;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.zlens.dsl.syntax.Lexer;
import org.zlens.dsl.syntax.Token;
import org.zlens.dsl.syntax.TokenKind;

/**
 * The line editor: candidates stay in the order in which a language gives them, {@code ?} explains
 * the place of the cursor, and so does Tab where there is nothing to complete.
 */
final class InputReader extends LineReaderImpl {
  private static final String EXPLAIN = "zlens-explain";
  private static final String COMPLETE = "zlens-complete";

  private final Languages languages;

  InputReader(Terminal terminal, Languages languages, boolean color) throws IOException {
    super(terminal, "zlens", new HashMap<>());
    this.languages = languages;
    setParser(new InputParser(languages));
    setCompleter(new InputCompleter(languages));
    setHighlighter(new InputHighlighter(languages, color));
    option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
    // A candidate that is merely spelled a little like the word would replace what was meant.
    option(LineReader.Option.COMPLETE_MATCHER_TYPO, false);
    option(LineReader.Option.COMPLETE_MATCHER_CAMELCASE, false);
    option(LineReader.Option.INSERT_TAB, false);
    setVariable(LineReader.SECONDARY_PROMPT_PATTERN, "%P.> ");
    getWidgets().put(EXPLAIN, this::explainOrInsert);
    getWidgets().put(COMPLETE, this::completeOrExplain);
    for (String keys : new String[] {LineReader.EMACS, LineReader.VIINS}) {
      KeyMap<Binding> map = getKeyMaps().get(keys);
      map.bind(new Reference(EXPLAIN), "?");
      map.bind(new Reference(COMPLETE), "\t");
    }
  }

  @Override
  protected Comparator<Candidate> getCandidateComparator(boolean caseInsensitive, String word) {
    return Comparator.naturalOrder();
  }

  private boolean explainOrInsert() {
    return isInText() ? selfInsert() : explain() || selfInsert();
  }

  private boolean completeOrExplain() {
    return expandOrComplete() || explain();
  }

  private boolean explain() {
    String explanation = languages.of(buf.toString()).explain(buf.upToCursor());
    if (explanation == null) {
      return false;
    }
    printAbove(explanation.stripTrailing() + "\n");
    return true;
  }

  /** Whether the cursor stands in a string or a comment, where a key means itself. */
  private boolean isInText() {
    for (Token token : Lexer.lex(buf.upToCursor())) {
      boolean text = token.kind() == TokenKind.COMMENT || token.kind() == TokenKind.BAD;
      if (text && token.span().end() == buf.cursor()) {
        return true;
      }
    }
    return false;
  }
}
