package org.zlens.repl.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jline.reader.EOFError;
import org.jline.reader.Parser.ParseContext;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;

/** The parser and the highlighter that the line reader uses. */
class InputTest {
  private static final long RED =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.RED).getStyle();

  private final InputParser parser = new InputParser();
  private final InputHighlighter highlighter =
      new InputHighlighter(new Registry(BuiltinCommands.all()), true);

  @Test
  void anOpenBracketOrPipeAsksForMore() {
    for (String open : new String[] {"expect (1 +", "set |", "let a ="}) {
      assertThatThrownBy(() -> parser.parse(open, open.length(), ParseContext.ACCEPT_LINE))
          .as(open)
          .isInstanceOf(EOFError.class);
      assertThat(parser.parse(open, 0, ParseContext.COMPLETE)).isNotNull();
    }
    for (String whole : new String[] {"", "set", "set seed )", "set \"open"}) {
      assertThat(parser.parse(whole, whole.length(), ParseContext.ACCEPT_LINE)).isNotNull();
    }
  }

  @Test
  void theWordAtTheCursorIsTheTokenThere() {
    assertThat(InputLine.of("set se", 6).word()).isEqualTo("se");
    assertThat(InputLine.of("set se", 6).wordCursor()).isEqualTo(2);
    assertThat(InputLine.of("set ", 4).word()).isEmpty();
    assertThat(InputLine.of("", 0).word()).isEmpty();
    assertThat(InputLine.of("dfa L2.F4", 9).word()).isEqualTo("L2.F4");
    assertThat(InputLine.of("top by(", 7).word()).isEmpty();
    String line = "let a = set | top [1, \"x\"] # c";
    for (int cursor = 0; cursor <= line.length(); cursor++) {
      InputLine parsed = InputLine.of(line, cursor);
      assertThat(parsed.wordCursor()).isLessThanOrEqualTo(parsed.word().length());
      assertThat(String.join("", parsed.words()))
          .as("cursor " + cursor)
          .isEqualTo(line.replaceAll(" (?!c)", ""));
    }
  }

  @Test
  void verbsThatAreKnownAndTextsHaveTheirColours() {
    AttributedString shown = highlighter.highlight(null, "set seed 5 # note");
    assertThat(shown.toString()).isEqualTo("set seed 5 # note");
    assertThat(shown.styleAt(0)).isNotEqualTo(shown.styleAt(4));
    assertThat(shown.styleAt(9)).isNotEqualTo(shown.styleAt(4));
    assertThat(colorsRed(shown, 0)).isFalse();
  }

  @Test
  void everythingFromTheFirstMistakeOnIsRed() {
    AttributedString shown = highlighter.highlight(null, "set seed ) 5");
    assertThat(colorsRed(shown, 4)).isFalse();
    assertThat(colorsRed(shown, 9)).isTrue();
    assertThat(colorsRed(shown, 11)).isTrue();
  }

  @Test
  void aVerbIsWrongOnlyOnceItCannotBecomeOne() {
    assertThat(colorsRed(highlighter.highlight(null, "se"), 0)).isFalse();
    assertThat(colorsRed(highlighter.highlight(null, "se "), 0)).isTrue();
    assertThat(colorsRed(highlighter.highlight(null, "xyz"), 0)).isTrue();
    assertThat(colorsRed(highlighter.highlight(null, "set | xyz"), 6)).isTrue();
    assertThat(colorsRed(highlighter.highlight(null, "let a = set"), 8)).isFalse();
  }

  @Test
  void withoutColoursTheLineIsLeftAsItIs() {
    InputHighlighter plain = new InputHighlighter(new Registry(BuiltinCommands.all()), false);
    assertThat(plain.highlight(null, "xyz )").toAnsi()).isEqualTo("xyz )");
  }

  private static boolean colorsRed(AttributedString text, int index) {
    return text.styleAt(index).getStyle() == RED;
  }
}
