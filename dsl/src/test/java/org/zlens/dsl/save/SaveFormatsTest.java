package org.zlens.dsl.save;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blue.strategic.parquet.Hydrator;
import blue.strategic.parquet.HydratorSupplier;
import blue.strategic.parquet.ParquetReader;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.TensorData;
import org.zlens.dsl.session.TensorValue;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.ZlensException;
import org.zlens.engine.io.FileHash;
import org.zlens.engine.io.Npz;
import org.zlens.engine.io.Safetensors;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class SaveFormatsTest {
  private static final Provenance FROM =
      new Provenance(
          "dfa L2.F417",
          "recipe.zl",
          7,
          List.of(new ProvenanceInput("model", "sprig", "abc")),
          3,
          Map.of("zlens", "1"),
          Instant.EPOCH,
          Duration.ofMillis(1500));

  @TempDir private Path folder;

  private static TableValue table() {
    IntColumn fired = IntColumn.create("fired", new int[] {12});
    fired.appendMissing();
    return new TableValue(
        Table.create(
            "effects",
            StringColumn.create("word", "a, \"b\"\nc", "\u00e9"),
            DoubleColumn.create("delta", -0.5, Double.POSITIVE_INFINITY),
            fired,
            BooleanColumn.create("held", true, false)),
        Map.of("delta", "logits"),
        List.of("the metric is the logit difference"));
  }

  private Path save(String name, Value value) {
    Path path = folder.resolve(name);
    SaveFormats.of(name).orElseThrow().write(value, FROM, path);
    return path;
  }

  @Test
  void csvQuotesWhatNeedsIt() throws IOException {
    assertThat(Files.readString(save("x.csv", table())))
        .isEqualTo(
            "word,delta,fired,held\n\"a, \"\"b\"\"\nc\",-0.5,12,true\n\u00e9,Infinity,,false\n");
  }

  @Test
  void jsonTellsHowItCameToBe() throws IOException {
    JsonNode json = new ObjectMapper().readTree(save("x.json", table()).toFile());
    assertThat(json.at("/kind").asText()).isEqualTo("table");
    assertThat(json.at("/units/delta").asText()).isEqualTo("logits");
    assertThat(json.at("/rows/0/delta").asDouble()).isEqualTo(-0.5);
    assertThat(json.at("/rows/1/delta").asText()).isEqualTo("Infinity");
    assertThat(json.at("/rows/1/fired").isNull()).isTrue();
    assertThat(json.at("/provenance/command").asText()).isEqualTo("dfa L2.F417");
    assertThat(json.at("/provenance/inputs/0/hash").asText()).isEqualTo("abc");
  }

  @Test
  void aJsonLineIsOneLine() {
    assertThat(ValueJson.line(new TextValue("a\nb"), FROM))
        .startsWith("{\"kind\":\"text\",\"value\":\"a\\nb\",\"provenance\":{")
        .doesNotContain("\n");
  }

  @Test
  void parquetReadsBack() throws IOException {
    File file = save("x.parquet", table()).toFile();
    try (Stream<Map<String, Object>> rows =
        ParquetReader.streamContent(file, HydratorSupplier.constantly(new Row()))) {
      assertThat(rows.map(Map::toString).toList())
          .containsExactly(
              "{delta=-0.5, fired=12, held=true, word=a, \"b\"\nc}",
              "{delta=Infinity, fired=null, held=false, word=\u00e9}");
    }
  }

  /** A row as its cells by name. */
  private static final class Row implements Hydrator<Map<String, Object>, Map<String, Object>> {
    @Override
    public Map<String, Object> start() {
      return new TreeMap<>();
    }

    @Override
    public Map<String, Object> add(Map<String, Object> row, String name, Object cell) {
      row.put(name, cell);
      return row;
    }

    @Override
    public Map<String, Object> finish(Map<String, Object> row) {
      return row;
    }
  }

  @Test
  void columnsOfNumbersBecomeTensors() {
    try (Safetensors file = Safetensors.open(save("x.safetensors", table()))) {
      assertThat(file.names()).containsExactlyInAnyOrder("delta", "fired");
      assertThat(file.floats("fired")).containsExactly(12, Float.NaN);
    }
    try (Npz file = Npz.open(save("x.npz", table()))) {
      assertThat(file.floats("delta")).containsExactly(-0.5f, Float.POSITIVE_INFINITY);
    }
  }

  @Test
  void tensorsKeepNamesAndShapes() {
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    tensors.put(
        "blocks.0.attn.hook_z", new TensorData(new long[] {1, 2, 2}, new float[] {1, 2, 3, 4}));
    TensorValue value = new TensorValue("captured", tensors);
    try (Safetensors file = Safetensors.open(save("x.safetensors", value))) {
      assertThat(file.info("blocks.0.attn.hook_z").shape()).containsExactly(1, 2, 2);
    }
    try (Npz file = Npz.open(save("x.npz", value))) {
      assertThat(file.floats("blocks.0.attn.hook_z")).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void aTableOfTextHasNoTensors() {
    TableValue words = new TableValue(Table.create("words", StringColumn.create("word", "a")));
    assertThatThrownBy(() -> save("x.npz", words))
        .isInstanceOf(ZlensException.class)
        .hasMessage("this table has no column of numbers to save as tensors");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
    Path path = Files.writeString(folder.resolve("x.parquet"), "old");
    TableValue none = new TableValue(Table.create("none"));
    assertThatThrownBy(() -> save("x.parquet", none)).isInstanceOf(ZlensException.class);
    assertThat(Files.readString(path)).isEqualTo("old");
    assertThat(folder).isDirectoryContaining(p -> p.equals(path));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> save("file/x.csv", table()))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("cannot be written");
  }

  /** Every format of tables holds the whole of it, and a CSV file has it beside. */
  @Test
  void everyFileTellsHowItsContentCameToBe() throws IOException {
    String json = ProvenanceJson.line(FROM);
    for (SaveFormat format : SaveFormats.all()) {
      if (format.accepts(ValueKind.TABLE)) {
        format.write(table(), FROM, folder.resolve("t" + format.ending()));
      }
    }
    JsonNode beside = new ObjectMapper().readTree(folder.resolve("t.csv.provenance.json").toFile());
    assertThat(beside.path("provenance")).isEqualTo(new ObjectMapper().readTree(json));
    assertThat(beside.path("file").asText()).isEqualTo("t.csv");
    assertThat(beside.path("sha256").asText()).isEqualTo(FileHash.sha256(folder.resolve("t.csv")));
    try (Safetensors file = Safetensors.open(folder.resolve("t.safetensors"))) {
      assertThat(file.metadata()).containsEntry("provenance", json);
    }
    try (ZipFile zip = new ZipFile(folder.resolve("t.npz").toFile())) {
      byte[] text = zip.getInputStream(zip.getEntry("provenance.json")).readAllBytes();
      assertThat(new String(text, StandardCharsets.UTF_8)).isEqualTo(json);
    }
    assertThat(ParquetReader.readMetadata(folder.resolve("t.parquet").toFile()))
        .extracting(m -> m.getFileMetaData().getKeyValueMetaData().get("zlens.provenance"))
        .isEqualTo(json);
  }

  @Test
  void aFileThatCannotBeWrittenLeavesNothingBeside() throws IOException {
    Path taken = Files.createDirectories(folder.resolve("t.csv/inside")).getParent();
    assertThatThrownBy(() -> new CsvFormat(".csv", ',').write(table(), FROM, taken))
        .isInstanceOf(ZlensException.class);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(taken);
    }
  }
}
