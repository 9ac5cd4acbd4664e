package org.zlens.dsl.command.builtin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.CurrentCorpus;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.corpus.Corpus;
import org.zlens.engine.data.corpus.CorpusFile;
import org.zlens.engine.model.ModelLoader;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code corpus}: names the text that SAEs are trained on, or shows which it is. */
public final class CorpusCommand implements Command {
  private static final Parameter<List<String>> FILES =
      Parameter.of("file", Types.PATH, "files, in the order in which they are read, or 'sprig'")
          .many()
          .optional();

  private static final Parameter<String> COLUMN =
      Parameter.after("column", "name", Types.NAME, "where texts stand in JSON lines and Parquet")
          .orElse("text");

  private static final Parameter<Long> SEED =
      Parameter.after("seed", "number", Types.whole(0, Long.MAX_VALUE), "of sprig's own text")
          .orElse(CurrentCorpus.SPRIG_SEED);

  private static final Signature SIGNATURE =
      Signature.verb("corpus", Group.SET_UP, "name the text to train SAEs on, or show which it is")
          .details(
              """
              Files end in .txt, .jsonl or .parquet, the first two also with .gz or .zst behind; \
              they are read a document at a time, however large they are, and from the start again \
              after the last. In plain text a blank line or a line of <|endoftext|> ends a \
              document. Each document gets a beginning-of-text token in front and is cut off at \
              the model's context; documents are joined, cut into rows, and every row begins with \
              that token. 'corpus sprig' is the text that sprig's generator writes, for sprig \
              alone.""")
          .parameters(FILES, COLUMN, SEED)
          .result(ValueKind.TABLE)
          .columns("file", "format", "packing", "bytes")
          .example("corpus sprig seed 5", "text without an end, for the embedded model")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (!arguments.isKnown(FILES)) {
      return;
    }
    List<String> names = arguments.find(FILES).orElse(List.of());
    boolean sprig = names.contains(ModelLoader.SPRIG);
    if (sprig && names.size() > 1) {
      throw arguments.fault(FILES, Kind.TYPE, "'sprig' stands alone", null);
    }
    if (arguments.has(SEED) && !sprig) {
      throw arguments.fault(SEED, Kind.TYPE, "'seed' is for 'corpus sprig'", null);
    }
    if (arguments.has(COLUMN) && (sprig || names.isEmpty())) {
      throw arguments.fault(COLUMN, Kind.TYPE, "'column' is for files", null);
    }
    for (String name : sprig ? List.<String>of() : names) {
      Path path = forecast.files().input(name);
      // A line above may be about to write one that is not there; the run will tell.
      if (Files.exists(path)) {
        files(arguments, List.of(path));
      }
    }
  }

  private static Corpus files(Arguments arguments, List<Path> paths) {
    try {
      return Corpus.of(paths, arguments.isKnown(COLUMN) ? arguments.get(COLUMN) : "");
    } catch (ZlensException e) {
      throw arguments.fault(FILES, e.kind(), e.getMessage(), e.hint());
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    List<String> names = arguments.find(FILES).orElse(List.of());
    if (names.equals(List.of(ModelLoader.SPRIG))) {
      session.put(Slots.CORPUS, CurrentCorpus.sprig(arguments.get(SEED)));
    } else if (!names.isEmpty()) {
      List<Path> paths = new ArrayList<>();
      names.forEach(name -> paths.add(session.path(name)));
      session.put(Slots.CORPUS, CurrentCorpus.of(files(arguments, paths)));
    }
    return table(
        session.get(Slots.CORPUS, "name some: corpus \"text.jsonl.zst\", or corpus sprig"));
  }

  private static TableValue table(CurrentCorpus corpus) {
    StringColumn file = StringColumn.create("file");
    StringColumn format = StringColumn.create("format");
    StringColumn packing = StringColumn.create("packing");
    LongColumn bytes = LongColumn.create("bytes");
    for (CorpusFile one : corpus.files().map(Corpus::files).orElse(List.of())) {
      file.append(one.path().getFileName().toString());
      format.append(one.format().name().toLowerCase(Locale.ROOT));
      packing.append(one.packing().name().toLowerCase(Locale.ROOT));
      bytes.append(one.bytes());
    }
    if (corpus.files().isEmpty()) {
      file.append(corpus.name());
      format.append("generated");
      packing.append("none");
      bytes.appendMissing();
    }
    return new TableValue(
        Table.create("corpus", file, format, packing, bytes), Map.of("bytes", "bytes"), List.of());
  }
}
