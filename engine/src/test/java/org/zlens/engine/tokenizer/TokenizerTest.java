package org.zlens.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException;
import org.zlens.engine.data.sprig.Sprig;

class TokenizerTest {
  private static Tokenizer gpt2() {
    return Tokenizer.of(Fixtures.path("real/gpt2_tokenizer/tokenizer.json"));
  }

  private static JsonNode json(String fixture) throws IOException {
    return new ObjectMapper().readTree(Fixtures.path(fixture).toFile());
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }

  @Test
  void gpt2IdsAreThoseOfTheReference() throws IOException {
    try (Tokenizer tokenizer = gpt2()) {
      for (JsonNode golden : json("stats.json").get("gpt2_tokens")) {
        String text = golden.get("text").asText();
        Tokens tokens = tokenizer.encode(text, false);
        assertThat(tokens.ids()).as(text).isEqualTo(ints(golden.get("ids")));
        assertThat(tokenizer.decode(tokens.ids())).isEqualTo(golden.get("decoded").asText());
        assertThat(tokenizer.encode(text).ids()).startsWith(50256).endsWith(tokens.ids());
        for (int i = 0; i < tokens.size(); i++) {
          String spelled = golden.get("pieces").get(i).asText();
          if (!spelled.equals("<|endoftext|>")) {
            String exact = new String(ByteLevel.bytes(spelled), StandardCharsets.ISO_8859_1);
            if (exact.chars().allMatch(c -> c < 128)) {
              assertThat(tokens.string(i)).isEqualTo(exact);
              assertThat(tokenizer.idOf(exact)).hasValue(tokens.id(i));
            }
          }
        }
      }
    }
  }

  @Test
  void aLongTextIsNeitherCutNorPadded() throws IOException, NoSuchAlgorithmException {
    JsonNode golden = json("real/text/wikitext2_test.tokens.json");
    String text = Files.readString(Fixtures.path("real/text/wikitext2_test.txt"));
    try (Tokenizer tokenizer = gpt2()) {
      int[] ids = tokenizer.ids(text);
      ByteBuffer bytes = ByteBuffer.allocate(4 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asIntBuffer().put(ids);
      String hash =
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
      assertThat(ids).hasSize(295877);
      assertThat(golden.toString()).contains(hash);
      assertThat(tokenizer.decode(ids)).isEqualTo(text);
    }
  }

  @Test
  void piecesOfACharacterStayReadable() {
    try (Tokenizer tokenizer = gpt2()) {
      Tokens tokens = tokenizer.encode("a🙂b", false);
      assertThat(tokens.strings()).containsExactly("a", "🙂[1/2]", "🙂[2/2]", "b");
      assertThat(tokenizer.decode(tokens.ids())).isEqualTo("a🙂b");
      assertThat(tokenizer.decode(tokens.id(1))).isEqualTo("\uFFFD");
    }
  }

  /** Whatever the tokens are, what they show has every character of the text and no broken one. */
  @Test
  void piecesShowWholeCharactersOfAnyText() {
    Random random = new Random(9);
    try (Tokenizer tokenizer = gpt2()) {
      for (int n = 0; n < 50; n++) {
        String text =
            random
                .ints(12, 0x80, 0x1FAFF)
                .filter(
                    c -> Character.isDefined(c) && !isSurrogate(c) && !Character.isISOControl(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        List<String> pieces = tokenizer.encode(text, false).strings();
        String shown =
            String.join("", pieces)
                .replace("\u25CC", "")
                .replaceAll(".\\[([2-9])/\\d\\]", "")
                .replaceAll("\\[1/\\d\\]", "");
        assertThat(shown).as("%s", pieces).isEqualTo(text.replace("\u25CC", ""));
      }
    }
  }

  private static boolean isSurrogate(int character) {
    return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
  }

  @Test
  void aTextThatBeginsWithTheBeginningIsNotGivenAnother() {
    try (Tokenizer tokenizer = gpt2()) {
      assertThat(tokenizer.encode("<|endoftext|>a", false).id(0)).isEqualTo(tokenizer.bosId());
      assertThatThrownBy(() -> tokenizer.encode("<|endoftext|>a", true))
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining("beginning-of-text token '<|endoftext|>' already");
    }
  }

  @Test
  void idsOutsideTheVocabularyAreNamedWithTheRange() {
    Tokenizer tokenizer = Sprig.tokenizer();
    int size = tokenizer.vocabularySize();
    assertThatThrownBy(() -> tokenizer.decode(3, size))
        .isInstanceOfSatisfying(
            ZlensException.class,
            e -> assertThat(e.hint()).isEqualTo("ids run from 0 to " + (size - 1)))
        .hasMessage("no token " + size + " in the vocabulary of 'sprig'");
    assertThatThrownBy(() -> tokenizer.tokens(new int[] {-1}, false)).hasMessageContaining("-1");
  }

  @Test
  void aTextOfSeveralTokensIsShownInPieces() {
    try (Tokenizer tokenizer = gpt2()) {
      assertThat(tokenizer.singleId(" Mary")).isEqualTo(5335);
      assertThatThrownBy(() -> tokenizer.singleId(" Zebediah"))
          .hasMessageContaining("' Zebediah' is 4: | Z|eb|edia|h|");
      assertThatThrownBy(() -> tokenizer.singleId("Claire"))
          .isInstanceOfSatisfying(
              ZlensException.class, e -> assertThat(e.hint()).startsWith("' Claire'"));
    }
  }

  @Test
  void halfACharacterIsRefused() {
    assertThatThrownBy(() -> Sprig.tokenizer().encode("a\uD83D"))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("U+D83D");
  }

  @Test
  void brokenFilesAreRefused() {
    for (String broken : new String[] {"", "[", "{}", "{\"model\":{\"vocab\":{\"a\":-1}}}"}) {
      assertThatThrownBy(
              () ->
                  Tokenizer.of(
                      new ByteArrayInputStream(broken.getBytes(StandardCharsets.UTF_8)), "broken"))
          .as(broken)
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining("'broken'");
    }
    assertThatThrownBy(() -> Tokenizer.of(Path.of("no-such.json")))
        .hasMessageContaining("no-such.json");
  }

  @Test
  void anyTextComesBack() {
    Random random = new Random(4);
    try (Tokenizer tokenizer = Sprig.tokenizer()) {
      for (int n = 0; n < 200; n++) {
        String text =
            IntStream.generate(
                    () -> random.nextInt(4) == 0 ? random.nextInt(0xD800) : random.nextInt(128))
                .limit(40)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        assertThat(tokenizer.decode(tokenizer.ids(text))).isEqualTo(text);
      }
    }
  }
}
