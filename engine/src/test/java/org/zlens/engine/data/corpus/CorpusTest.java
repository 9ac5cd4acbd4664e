package org.zlens.engine.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blue.strategic.parquet.ParquetWriter;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.TextPlace;
import org.zlens.engine.data.TokenRows;
import org.zlens.engine.data.sprig.Sprig;
import org.zlens.engine.tokenizer.Tokenizer;

/** Text from files of every kind, as documents and as rows of tokens. */
class CorpusTest {
  private static final List<String> TEXTS =
      List.of(
          " Ann gave a ring to Bob", " \"Café\" \u2014 naïve \uD83D\uDE42\nsecond line", " Then");

  private final Tokenizer tokenizer = Sprig.tokenizer();

  @TempDir private Path directory;

  @AfterEach
  void close() {
    tokenizer.close();
  }

  private static byte[] content(String name) {
    StringBuilder text = new StringBuilder();
    for (String one : TEXTS) {
      if (name.contains(".jsonl")) {
        String quoted = one.replace("\"", "\\\"").replace("\n", "\\n");
        text.append("{\"id\": 1, \"text\": \"").append(quoted).append("\"}\n");
      } else {
        text.append(one).append("\n\n");
      }
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private Path write(String name, byte[] bytes) throws IOException {
    Path file = directory.resolve(name);
    if (name.endsWith(".gz")) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
        gzip.write(bytes);
      }
      return Files.write(file, packed.toByteArray());
    }
    return Files.write(file, name.endsWith(".zst") ? Zstd.compress(bytes) : bytes);
  }

  private Path writeParquet(String name) throws IOException {
    Path file = directory.resolve(name);
    MessageType schema =
        new MessageType(
            "rows",
            Types.optional(PrimitiveTypeName.INT32).named("id"),
            Types.optional(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.stringType())
                .named("text"));
    try (ParquetWriter<String> writer =
        ParquetWriter.writeFile(
            schema, file.toFile(), (text, cells) -> cells.write("text", text))) {
      for (String one : TEXTS) {
        writer.write(one);
      }
    }
    return file;
  }

  private static List<String> documents(Path file, String column) {
    List<String> all = new ArrayList<>();
    try (Documents documents = CorpusFile.of(file).open(column)) {
      for (String one = documents.next(); one != null; one = documents.next()) {
        all.add(one);
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.txt", "a.txt.gz", "a.txt.zst", "a.jsonl", "a.jsonl.gz", "a.jsonl.zst"})
  void readsDocuments(String name) throws IOException {
    assertThat(documents(write(name, content(name)), "text")).isEqualTo(TEXTS);
  }

  @Test
  void readsParquet() throws IOException {
    Path file = writeParquet("a.parquet");
    assertThat(documents(file, "text")).isEqualTo(TEXTS);
    assertThatThrownBy(() -> documents(file, "story"))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("has no column of texts 'story'");
  }

  @Test
  void endsDocumentsAtSeparators() throws IOException {
    byte[] text = "one\ntwo\r\n<|endoftext|>\n\n\nthree".getBytes(StandardCharsets.UTF_8);
    assertThat(documents(write("a.txt", text), "")).containsExactly("one\ntwo", "three");
  }

  private int[] tokens(String text) {
    return tokenizer.encode(text).ids();
  }

  /** Documents joined flat, each after a BOS, cut off; every row begins with a BOS. */
  @Test
  void joinsDocumentsIntoRows() throws IOException {
    Path file = write("a.jsonl", content("a.jsonl"));
    TokenRows rows = Corpus.of(List.of(file, file), "text").rows(tokenizer, 8, 6);
    List<Integer> flat = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      for (String one : TEXTS) {
        Arrays.stream(tokens(one)).limit(8).forEach(flat::add);
      }
    }
    int[][] found = rows.next(3);
    for (int row = 0; row < 3; row++) {
      assertThat(found[row][0]).isEqualTo(tokenizer.bosId());
      for (int i = 1; i < 6; i++) {
        assertThat(found[row][i]).isEqualTo(flat.get(row * 6 + i));
      }
    }
  }

  /** What is left of the last document is dropped; rows from a place are the same again. */
  @Test
  void goesOnFromAPlace() throws IOException {
    Path first = write("a.txt.zst", content("a.txt.zst"));
    Path second = write("b.jsonl.gz", content("b.jsonl.gz"));
    Corpus corpus = Corpus.of(List.of(first, second, writeParquet("c.parquet")), "text");
    TokenRows rows = corpus.rows(tokenizer, 64, 5);
    for (int i = 0; i < 12; i++) {
      TextPlace place = rows.place();
      int[][] next = rows.next(2);
      TokenRows others = corpus.rows(tokenizer, 64, 5);
      others.seek(place);
      assertThat(others.next(2)).isDeepEqualTo(next);
      assertThat(others.place()).isEqualTo(rows.place());
    }
    assertThat(rows.place().pass()).isPositive();
  }

  @Test
  void refusesWhatItCannotRead() throws IOException {
    assertFault("a.jsonl", "{\"text\": 5}\n", "line 1 has no text under 'text'");
    assertFault("a.jsonl", "{\"text\": \"a\"}\n{\"text\": ", "line 2 is not JSON");
    assertFault("a.jsonl", "[".repeat(100_000), "line 1 is not JSON");
    assertFault("a.txt", "\u00e4", "line 1 is not UTF-8");
    assertFault("a.txt.gz", null, "cannot be opened");
    assertFault("a.txt.zst", null, "cannot be read after line 0");
    assertFault("a.parquet", "PAR1 and no more", "cannot be read as Parquet");
    assertFault("a.csv", "text", "has a name that tells no kind of text");
    assertThatThrownBy(() -> CorpusFile.of(directory.resolve("none.txt")))
        .hasMessageContaining("no such file");
    Path empty = Files.writeString(directory.resolve("empty.txt"), "\n\n");
    assertThatThrownBy(() -> Corpus.of(List.of(empty), "text").rows(tokenizer, 8, 8).next(1))
        .hasMessageContaining("there is no document in empty.txt");
  }

  private void assertFault(String name, String content, String message) throws IOException {
    Path file = directory.resolve(name);
    Files.write(
        file,
        content == null
            ? new byte[] {1, 2, 3, 4, 5, 6, 7, 8}
            : content.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> documents(file, "text"))
        .isInstanceOfSatisfying(
            ZlensException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DATA))
        .hasMessageContaining(message);
  }

  @Test
  void refusesEndlessLines() throws IOException {
    byte[] endless = new byte[BoundedLines.LONGEST + 10];
    Arrays.fill(endless, (byte) 'a');
    Path file = write("a.txt.gz", endless);
    assertThatThrownBy(() -> documents(file, ""))
        .hasMessageContaining("line 1 is longer than 16 MiB");
  }
}
