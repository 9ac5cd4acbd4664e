package org.zlens.dsl.save;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.dsl.session.Lineage;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.FloatColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** What {@code save} writes is read back as it was; what is broken is an error of the data. */
class TableReaderTest {
  private static final Provenance EARLIER =
      new Provenance(
          "model sprig",
          "recipe.zl",
          1,
          List.of(new ProvenanceInput("model", "sprig", "abc", Map.of("processing", "none"))),
          3,
          Map.of("zlens", "1", "java", "17"),
          Instant.EPOCH,
          Duration.ofMillis(12));

  private static final Provenance FROM =
      new Provenance(
          "dfa L2.F417",
          "recipe.zl",
          7,
          List.of(),
          Long.MAX_VALUE,
          Map.of(),
          Instant.EPOCH.plusSeconds(5),
          Duration.ofMillis(1500),
          new Lineage(List.of(EARLIER), 2),
          Instant.EPOCH.plusNanos(1));

  @TempDir private Path folder;

  private static TableValue table() {
    IntColumn whole = IntColumn.create("whole", 12, -7, Integer.MAX_VALUE, 0);
    whole.appendMissing();
    LongColumn large = LongColumn.create("large", Long.MAX_VALUE, 1L << 53 | 1, 0, -1);
    large.appendMissing();
    DoubleColumn number =
        DoubleColumn.create("number", 1.0, 0.1, Double.POSITIVE_INFINITY, -Double.MIN_VALUE);
    number.appendMissing();
    FloatColumn small = FloatColumn.create("small", 0.1f, Float.NEGATIVE_INFINITY, 3, 1e-30f);
    small.appendMissing();
    BooleanColumn held = BooleanColumn.create("held", true, false, true, true);
    held.appendMissing();
    StringColumn text = StringColumn.create("a \"text\", or\ntwo");
    for (String cell :
        List.of(" padded ", "a,b\t\"c\"", "two\r\nlines\n", "#no comment \u00e9\ud83d\ude00", "")) {
      text.append(cell);
    }
    StringColumn digits = StringColumn.create("digits", "007", "true", "NaN", "1e5", "-");
    return new TableValue(
        Table.create("the title", text, whole, large, number, small, held, digits),
        Map.of("number", "logits"),
        List.of("the metric is the logit difference"));
  }

  private static List<List<Object>> cells(TableValue value) {
    List<List<Object>> all = new ArrayList<>();
    for (Column<?> column : value.table().columns()) {
      List<Object> cells = new ArrayList<>(List.of(column.name(), column.type().name()));
      for (int row = 0; row < column.size(); row++) {
        cells.add(column.isMissing(row) ? "missing" : column.get(row));
      }
      all.add(cells);
    }
    return all;
  }

  private TableFile read(String name) {
    return TableReader.of(name).orElseThrow().read(folder.resolve(name));
  }

  private ZlensException refused(String name) {
    ZlensException refusal = catchThrowableOfType(ZlensException.class, () -> read(name));
    assertThat(refusal).as(name).isNotNull();
    assertThat(refusal.kind()).isEqualTo(Kind.DATA);
    return refusal;
  }

  private void write(String name, TableValue value) {
    SaveFormats.of(name).orElseThrow().write(value, FROM, folder.resolve(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"t.csv", "t.tsv", "t.json", "t.parquet"})
  void everyFormatGivesBackWhatWasSaved(String name) {
    write(name, table());
    TableFile back = read(name);
    assertThat(cells(back.table())).isEqualTo(cells(table()));
    assertThat(back.table().table().name()).isEqualTo("the title");
    assertThat(back.table().units()).isEqualTo(table().units());
    assertThat(back.table().notes()).isEqualTo(table().notes());
    assertThat(back.provenance()).isEqualTo(FROM);
    assertThat(back.remarks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"t.csv", "t.tsv", "t.json", "t.parquet"})
  void tablesWithoutRowsKeepTheirColumns(String name) {
    TableValue none = table().with(table().table().emptyCopy());
    write(name, none);
    assertThat(cells(read(name).table())).isEqualTo(cells(none));
  }

  @ParameterizedTest
  @ValueSource(strings = {"t.csv", "t.tsv", "t.json", "t.parquet"})
  void aColumnOfMissingCellsKeepsItsRows(String name) {
    IntColumn column = IntColumn.create("x");
    column.appendMissing().appendMissing().appendMissing();
    TableValue value = new TableValue(Table.create("t", column));
    write(name, value);
    assertThat(cells(read(name).table())).isEqualTo(cells(value));
  }

  @Test
  void textOfOtherProgramsGetsTheTypesThatFit() throws IOException {
    Files.writeString(
        folder.resolve("x.csv"),
        "\uFEFFname,n,share,ok,mixed,large\r\n\"a, b\",1,0.5,true,1,3000000000\r\n"
            + "\r\nc,2,1e-3,false,x,\r\n,,,,,1\r\n");
    assertThat(cells(read("x.csv").table()))
        .containsExactly(
            List.of("name", "STRING", "a, b", "c", "missing"),
            List.of("n", "INTEGER", 1, 2, "missing"),
            List.of("share", "DOUBLE", 0.5, 0.001, "missing"),
            List.of("ok", "BOOLEAN", true, false, "missing"),
            List.of("mixed", "STRING", "1", "x", "missing"),
            List.of("large", "LONG", 3_000_000_000L, "missing", 1L));
    Files.writeString(
        folder.resolve("x.json"), "[{\"a\": 1, \"b\": \"x\"}, {\"c\": 2.5, \"a\": null}]");
    assertThat(cells(read("x.json").table()))
        .containsExactly(
            List.of("a", "INTEGER", 1, "missing"),
            List.of("b", "STRING", "x", "missing"),
            List.of("c", "DOUBLE", "missing", 2.5));
  }

  @Test
  void whatStandsBesideAnotherContentIsLeftOutAndSaidSo() throws IOException {
    write("t.csv", new TableValue(Table.create("t", StringColumn.create("x", "007"))));
    assertThat(cells(read("t.csv").table()).get(0)).contains("007");
    Files.writeString(folder.resolve("t.csv"), "x\n008\n");
    TableFile edited = read("t.csv");
    assertThat(edited.provenance()).isNull();
    assertThat(edited.remarks())
        .containsExactly("'t.csv.provenance.json' tells of another content, and is left out");
    assertThat(cells(edited.table()).get(0)).contains(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x.csv|| is empty",
        "x.csv|a,b\\n1\\n| has 1 cells in line 2, and names 2 columns",
        "x.csv|a,A\\n1,2\\n| has two columns 'A'",
        "x.csv|a\\n\"x\"y\\n| cannot be read as csv at line 2",
        "x.json|3| is neither an object with 'rows' nor a list of rows",
        "x.json|{\"kind\":\"number\",\"value\":3}| holds 'number', no table",
        "x.json|[1]| row 1 is no object",
        "x.json|[{\"a\":[1]}]| row 1 has no plain value for 'a'",
        "x.json|[{\"a\":1,\"a\":2}]| is not valid JSON at line 1",
        "x.json|[{\"a\":1}| is not valid JSON at line 1",
        "x.json|[] []| goes on after its end",
        "x.json|{\"columns\":[{\"name\":\"a\",\"type\":\"int\"}],\"rows\":[{\"a\":\"x\"}]}"
            + "| row 1 of the column 'a' is 'x', expected int",
        "x.json|{\"columns\":[{\"name\":\"a\",\"type\":\"what\"}],\"rows\":[]}| cannot be understood",
        "x.json|{\"rows\":[],\"provenance\":{}}| cannot be understood",
        "x.parquet|PAR1| cannot be read as Parquet"
      })
  void brokenFilesAreErrorsOfTheData(String name, String text, String message) throws IOException {
    String content = text == null ? "" : text.replace("\\n", "\n");
    Files.writeString(folder.resolve(name), content);
    assertThat(refused(name).getMessage()).contains(message.strip());
  }

  @Test
  void textThatIsNotUtf8AndCellsWithoutEndAreRefused() throws IOException {
    Files.write(folder.resolve("x.csv"), new byte[] {'a', '\n', (byte) 0xC3, '\n'});
    assertThat(refused("x.csv").getMessage()).endsWith("is not UTF-8 text");
    Files.writeString(folder.resolve("x.csv"), "a\n" + "x".repeat(2 << 20) + "\n");
    refused("x.csv");
    Files.writeString(folder.resolve("x.csv"), ",".repeat(20_000));
    refused("x.csv");
    Files.createDirectory(folder.resolve("d.csv"));
    refused("d.csv");
    refused("none.csv");
    refused("none.json");
    refused("none.parquet");
  }

  /** Whatever bytes a file has, reading it ends with a table or an error of the data. */
  @ParameterizedTest
  @ValueSource(strings = {"t.csv", "t.json", "t.parquet", "t.csv.provenance.json"})
  void damagedFilesAreReadOrRefused(String damaged) throws IOException {
    String name = damaged.startsWith("t.csv") ? "t.csv" : damaged;
    write(name, table());
    byte[] whole = Files.readAllBytes(folder.resolve(damaged));
    Random random = new Random(7);
    for (int turn = 0; turn < 300; turn++) {
      byte[] bytes = whole.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      int end = turn % 3 == 0 ? random.nextInt(bytes.length) : text.length();
      Files.write(folder.resolve(damaged), java.util.Arrays.copyOf(bytes, end));
      try {
        assertThat(read(name).table()).isNotNull();
      } catch (ZlensException e) {
        assertThat(e.kind()).isEqualTo(Kind.DATA);
      }
    }
  }
}
