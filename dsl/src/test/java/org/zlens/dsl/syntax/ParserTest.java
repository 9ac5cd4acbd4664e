package org.zlens.dsl.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParserTest {
  private static Script parse(String text) {
    return Parser.parse(new SourceText("test", text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '~',
      value = {
        "ablate feature L2.F417 at S2 ! (ablate word:feature Feature[in=2, index=417] word:at"
            + " word:S2)",
        "rdfa L3.R9 at END depth 3 ! (rdfa ResidualFeature[in=3, index=9] word:at word:END"
            + " word:depth 3)",
        "model gpt2-small processing none ! (model word:gpt2-small word:processing word:none)",
        "model gelu-2l ! (model word:gelu-2l)",
        "model a-1-b ! (model word:a-1-b)",
        "show (a-_-1e5) ! (show ((word:a-word:_)-1e5))",
        "show (a-_---b) ! (show ((word:a-word:_)-(NEGATE (NEGATE word:b))))",
        "capture L0..L3 L5.H1 ! (capture (Layer[index=0]..Layer[index=3]) Head[in=5, index=1])",
        "tokens [5, 17, 3] ! (tokens [5,17,3])",
        "steer L5.F3 -4 ! (steer Feature[in=5, index=3] (NEGATE 4))",
        "a at S2-1 ! (a word:at (word:S2-1))",
        "a at S2 - 1 ! (a word:at (word:S2-1))",
        "a (S2 -1) ! (a (word:S2-1))",
        "mark S2 = \" Bob\"#2 ! (mark (word:S2=text: Bob#2))",
        "where a < -0.2 and b = \"x\" or not c ! (where (((word:a<(NEGATE"
            + " 0.2))and(word:b=text:x))or(NOT word:c)))",
        "where a + b * 2 - 1 >= 3 % 2 ! (where (((word:a+(word:b*2))-1)>=(3%2)))",
        "where (a or b) and c ! (where ((word:aorword:b)andword:c))",
        "expect max(last.delta) < 1e-3 ! (expect (max(last.delta)<1e-3))",
        "$_ | sort by `log odds` desc ! <$_> | (sort word:by quoted:log odds word:desc)",
        "let best = L2.F417 ! (let best <Feature[in=2, index=417]>)",
        "last.delta < 3 ! <(last.delta<3)>",
        "with a L2.F3 at [S1, S2], b 4 { c; d } ! (with [(a Feature[in=2, index=3] word:at"
            + " [word:S1,word:S2]), (b 4)] (c) (d))",
        "with a { let x = b | c; for y in x { with d { } } } ! (with [(a)] (let x (b) | (c)) (for y"
            + " word:x (with [(d)])))",
        "hook L2.z at S2 { x * 2 } ! (hook Site[text=L2.z, layer=OptionalInt[2]] word:at word:S2"
            + " word:becomes (word:x*2))",
        "with hook a { x } { b } ! (with [(hook word:a word:becomes word:x)] (b))",
        "with hook a becomes x { b } ! (with [(hook word:a word:becomes word:x)] (b))",
        "for x in L0..L3 { a $x; b } ! (for x (Layer[index=0]..Layer[index=3]) (a $x) (b))",
      })
  void argumentsGroupAsWritten(String text, String dump) {
    assertThat(SyntaxDump.dump(parse(text))).isEqualTo(dump);
    String printed = Printer.print(parse(text));
    assertThat(SyntaxDump.dump(parse(printed))).isEqualTo(dump);
    assertThat(Printer.print(parse(printed))).isEqualTo(printed);
  }

  @Test
  void statementsEndAtLinesAndSemicolons() {
    assertThat(parse("\n a 1; b # comment\n\n c |\n d\n | e\n where a and\n b").statements())
        .extracting(Printer::print)
        .containsExactly("a 1", "b", "c | d | e", "where a and b");
  }

  @Test
  void bracketsHoldLineBreaks() {
    assertThat(Printer.print(parse("tokens [5,\n 17, # two\n 3]\nshow")))
        .isEqualTo("tokens [5, 17, 3]\nshow\n");
  }

  /** The text between the carets is what the error must point at. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sort by ^)^",
        "show; let ^3^ = 4",
        "let x ^show^",
        "tokens [5 ^17^]",
        "where a < b ^<^ c",
        "show | ^|^ show",
        "^|^ show",
        "model ^\"sprig^",
        "mark \"a\"^#0^",
        "mark \"a^\\q^\"",
        "top ^5y^",
        "a ^L99999999999.F1^",
        "a ^!^ b",
        "a ^=^ b",
        "a ^.^",
        "a ^{^",
        "with x ^;^ y",
        "with x^\n^{ y }",
        "with ^{^ y }",
        "with x, ^{^ y }",
        "with x { y ^,^ z }",
        "with x { y } ^{^ }",
        "x^,^ y",
        "for x ^of^ y",
        "for x in y^;^",
        "for x in y { a ^)^ }",
        "a ^}^",
        "a ^\u0007^",
        "where (a or\n b ^]^",
      })
  void errorsPointAtTheFirstWrongToken(String marked) {
    int start = marked.indexOf('^');
    int end = marked.lastIndexOf('^') - 1;
    SyntaxException error =
        catchThrowableOfType(SyntaxException.class, () -> parse(marked.replace("^", "")));
    assertThat(error).isNotNull();
    assertThat(error.span()).isEqualTo(new Span(start, end));
    assertThat(error.incomplete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tokens [5, 17",
        "where (a",
        "show |",
        "let x =",
        "a |\n",
        "where a <",
        "max(1,",
        "for x in y {",
        "for x in y { a\n",
        "with",
        "with x,",
        "with x,\n",
        "with x {",
        "with x, y { a; with z {\n b }"
      })
  void openTextIsIncomplete(String text) {
    assertThat(catchThrowableOfType(SyntaxException.class, () -> parse(text)).incomplete())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "-", "not ", "max("})
  void depthIsBounded(String open) {
    assertThatThrownBy(() -> parse("where " + open.repeat(50_000) + "1"))
        .isInstanceOf(SyntaxException.class);
  }

  @Test
  void lengthOfExpressionsIsBounded() {
    assertThatThrownBy(() -> parse("where 1" + "+1".repeat(50_000)))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("more than 1000 operators");
  }

  @Test
  void longListsAreFine() {
    assertThat(parse("tokens [1" + ",1".repeat(50_000) + "]").statements()).hasSize(1);
  }
}
