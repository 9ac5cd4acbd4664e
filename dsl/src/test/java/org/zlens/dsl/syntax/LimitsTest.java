package org.zlens.dsl.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.ZlensException;

/** Input of sizes and kinds that nobody types: fine, or an error that says what is wrong. */
class LimitsTest {
  private static final int MEGABYTE = 1 << 20;

  @TempDir private Path folder;

  private static Script parse(String text) {
    return Parser.parse(new SourceText("test", text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "f(", "-", "not "})
  void deepNestingEndsInAnError(String opening) {
    assertThatThrownBy(() -> parse("x | where " + opening.repeat(MEGABYTE / 4)))
        .isInstanceOf(SyntaxException.class);
  }

  @Test
  void deepBlocksEndInAnError() {
    assertThatThrownBy(() -> parse("for x in [1] {\n".repeat(50_000)))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("nested deeper than");
  }

  @Test
  void deepBracketsAndManyOperatorsAreNamed() {
    assertThatThrownBy(() -> parse("(".repeat(200)))
        .hasMessage("brackets are nested deeper than 100 levels");
    assertThatThrownBy(() -> parse("1" + " + 1".repeat(2000)))
        .hasMessage("a statement has more than 1000 operators");
  }

  @Test
  void whatIsNoScriptIsSaidSo() throws IOException {
    assertThatThrownBy(() -> SourceText.read(folder, "d"))
        .hasMessage("'d' is a folder, not a script");
    Path large = Files.write(folder.resolve("large.zl"), new byte[(16 << 20) + 1]);
    assertThatThrownBy(() -> SourceText.read(large, "large.zl"))
        .hasMessage("'large.zl' has more than the 16777216 bytes of a script");
    Path inside = Files.writeString(folder.resolve("file"), "").resolve("x.zl");
    assertThatThrownBy(() -> SourceText.read(inside, "x.zl"))
        .hasMessageContaining("cannot read 'x.zl'");
  }

  @Test
  void aMegabyteOfOperatorsEndsInAnError() {
    assertThatThrownBy(() -> parse("1" + " + 1".repeat(MEGABYTE / 4)))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("operators");
  }

  @Test
  void aMegabyteOfArgumentsAndOfCommentIsRead() {
    assertThat(parse("show" + " x".repeat(MEGABYTE / 2)).statements()).hasSize(1);
    assertThat(parse("# " + "a".repeat(MEGABYTE)).statements()).isEmpty();
    assertThat(parse("quit\n".repeat(MEGABYTE / 5)).statements()).hasSize(MEGABYTE / 5);
  }

  @Test
  void carriageReturnsAndAByteOrderMarkAreNoPartOfAScript() throws IOException {
    Path file = Files.writeString(folder.resolve("dos.zl"), "\uFEFFlet a = 1\r\nlet b = 2\r\n");
    assertThat(Parser.parse(SourceText.read(file, "dos.zl")).statements()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"show \0", "show \u202Ex", "show \u0007"})
  void controlCharactersAreRefusedByName(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(SyntaxException.class);
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws IOException {
    Path file = Files.write(folder.resolve("bad.zl"), new byte[] {'a', (byte) 0xC3, '('});
    assertThatThrownBy(() -> SourceText.read(file, "bad.zl"))
        .isInstanceOf(ZlensException.class)
        .hasMessage("'bad.zl' is not UTF-8 text");
  }

  @Test
  void aFileThatIsTooLargeIsRefused() throws IOException {
    Path file = folder.resolve("large.zl");
    Files.write(file, "# a\n".repeat(MEGABYTE * 5).getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> SourceText.read(file, "large.zl"))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("has more than the");
  }

  /** A device has no size and never ends. */
  @Test
  void aFileWithoutAnEndIsRefused() {
    Path zero = Path.of("/dev/zero");
    assumeTrue(Files.exists(zero), "no such device here");
    assertThatThrownBy(() -> SourceText.read(zero, "zero"))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("has more than the");
  }
}
