package org.zlens.repl.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jline.reader.EOFError;
import org.jline.reader.Parser.ParseContext;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.command.Completer;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;

/** The parser and the highlighter that the line reader uses. */
class InputTest {
  private static final long RED =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.RED).getStyle();

  private final Session session =
      new Session(new Registry(BuiltinCommands.all()), ResultListener.none());
  private final Languages languages = new Languages(List.of(new CommandLanguage(session, () -> 0)));
  private final InputParser parser = new InputParser(languages);
  private final InputHighlighter highlighter = new InputHighlighter(languages, true);

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
  void anOpenBlockOfEditsAsksForMore() {
    for (String open :
        new String[] {
          "with",
          "with ablate error L2,",
          "with ablate error L2 {",
          "with ablate error L2,\nsteer L1.F3 by 2 {\n  logits\n  for x in L0..L1 {\n  }"
        }) {
      assertThatThrownBy(() -> parser.parse(open, open.length(), ParseContext.ACCEPT_LINE))
          .as(open)
          .isInstanceOf(EOFError.class);
    }
    String whole = "with ablate error L2 {\n  logits\n}";
    assertThat(parser.parse(whole, whole.length(), ParseContext.ACCEPT_LINE)).isNotNull();
  }

  @Test
  void theWordAtTheCursorIsTheTokenThere() {
    assertThat(at("set se", 6).word()).isEqualTo("se");
    assertThat(at("set se", 6).wordCursor()).isEqualTo(2);
    assertThat(at("set ", 4).word()).isEmpty();
    assertThat(at("", 0).word()).isEmpty();
    assertThat(at("dfa L2.F4", 9).word()).isEqualTo("L2.F4");
    assertThat(at("top by(", 7).word()).isEmpty();
    assertThat(at("dfa L2.", 7).word()).isEqualTo("L2.");
    assertThat(at("set seed $", 10).word()).isEqualTo("$");
    assertThat(at("expect f\"a {be} c\"", 14).word()).isEqualTo("be");
    assertThat(at("run \"a b\"", 7).word()).isEqualTo("\"a b\"");
    assertThat(at("run \"a b\"", 7).wordCursor()).isEqualTo(3);
    String line = "let a = set | top [1, \"x\"] # c";
    for (int cursor = 0; cursor <= line.length(); cursor++) {
      InputLine parsed = at(line, cursor);
      assertThat(parsed.wordCursor()).isLessThanOrEqualTo(parsed.word().length());
      assertThat(String.join("", parsed.words()))
          .as("cursor " + cursor)
          .isEqualTo(line.replaceAll(" (?!c)", ""));
    }
  }

  private static InputLine at(String line, int cursor) {
    return InputLine.of(line, cursor, Completer.wordStart(line.substring(0, cursor)));
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
  void aWordIsWrongOnlyOnceTypingOnCannotMendIt() {
    assertRed("se", false, 0);
    assertRed("se ", true, 0);
    assertRed("xyz", false, 0);
    assertRed("xyz ", true, 0);
    assertRed("set | xyz ", true, 6);
    assertRed("let a = set", false, 8);
    assertRed("\"an open text", false, 1);
    assertRed("expect (1 +", false, 0);
  }

  @Test
  void whatTheBinderRefusesIsRedFromThereOn() {
    assertRed("set nosuch 5", false, 0);
    assertRed("set nosuch 5", true, 4);
    assertRed("set nosuch 5", true, 11);
    assertRed("set seed \"wrong\" ", true, 9);
    assertRed("set | top 3 sideways ", true, 12);
    assertRed("set seed 1; quit | top 3 by name ", true, 19);
    assertRed("logits ", true, 0);
  }

  @Test
  void whatIsBeingTypedInAStringOrBehindADotIsNotRed() {
    session.setVariable("best", new NumberValue(1));
    for (String line :
        List.of("f\"a {be", "f\"a {max(1, ", "f\"{best:.", "let a = L2.", "set 5.")) {
      for (int index = 0; index < line.length(); index++) {
        assertRed(line, false, index);
      }
    }
    assertRed("f\"{best)} \" ", true, 8);
    assertRed("let a = L2. ", true, 10);
    assertRed("expect f\"{nosuch} \" = 1 ", true, 10);
  }

  @Test
  void checksThatAreFeltAreLeftOutUntilTheNextEntry() {
    AtomicLong now = new AtomicLong();
    LongSupplier slow = () -> now.getAndAdd(1_000_000_000L);
    FirstMistake mistakes = new FirstMistake(session, slow);
    for (String more : List.of("", " ", "  ", "   ")) {
      assertThat(mistakes.in("set nosuch 0" + more)).isEqualTo(4);
    }
    assertThat(mistakes.in("set nosuch 0 1")).isEqualTo(Integer.MAX_VALUE);
    assertThat(mistakes.in("set nosuch 0 |")).isEqualTo(Integer.MAX_VALUE);
    assertThat(mistakes.in("set other 0")).isEqualTo(4);
  }

  @Test
  void whatIsStillMissingIsNotWrong() {
    assertRed("set | top 3 ", false, 6);
    assertRed("set | top 3 by ", false, 12);
    assertRed("sweep ", false, 0);
    assertRed("set | ", false, 4);
  }

  @Test
  void eachSortOfWordHasItsColour() {
    session.setVariable("best", new NumberValue(1));
    String line = "set | top 3 by best # why";
    AttributedString shown = highlighter.highlight(null, line);
    long verb = shown.styleAt(0).getStyle();
    assertThat(shown.styleAt(line.indexOf("top")).getStyle()).isEqualTo(verb);
    long number = shown.styleAt(line.indexOf("3")).getStyle();
    long word = shown.styleAt(line.indexOf("by")).getStyle();
    long variable = shown.styleAt(line.indexOf("best")).getStyle();
    long comment = shown.styleAt(line.indexOf("#")).getStyle();
    assertThat(List.of(verb, number, word, variable, comment)).doesNotHaveDuplicates();
  }

  @Test
  void withoutColoursTheLineIsLeftAsItIs() {
    InputHighlighter plain = new InputHighlighter(languages, false);
    assertThat(plain.highlight(null, "xyz )").toAnsi()).isEqualTo("xyz )");
  }

  private void assertRed(String line, boolean red, int index) {
    assertThat(colorsRed(highlighter.highlight(null, line), index))
        .as("red at %d of '%s'", index, line)
        .isEqualTo(red);
  }

  private static boolean colorsRed(AttributedString text, int index) {
    return text.styleAt(index).getStyle() == RED;
  }
}
