package org.zlens.dsl.command.builtin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.FileCandidates;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.save.TableFile;
import org.zlens.dsl.save.TableReader;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.FileHash;

/** {@code table}: a table from a file. */
public final class TableCommand implements Command {
  private static final Parameter<String> FILE =
      Parameter.of("file", Types.PATH, "where from; its ending says the format");

  private static final Signature SIGNATURE =
      Signature.verb("table", Group.TABLES, "read a table from a file")
          .details(
              """
              Reads .csv, .tsv, .json and .parquet. Of a file that 'save' wrote, the table is what \
              it was, with units, notes and how it came to be. In text of other programs the first \
              line names the columns, and a column in which every cell is a number, or true or \
              false, holds such; JSON may be a list of objects, each a row.""")
          .parameters(FILE)
          .result(ValueKind.TABLE)
          .example(
              "set | save \"settings.csv\"\ntable \"settings.csv\" | where name = \"seed\"",
              "one row of what was saved")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (arguments.isKnown(FILE)) {
      reader(arguments);
    }
  }

  @Override
  public List<Candidate> complete(
      Parameter<?> parameter, List<String> written, String typed, Forecast forecast) {
    return parameter == FILE
        ? FileCandidates.of(forecast, typed, file -> TableReader.of(file.toString()).isPresent())
        : Command.super.complete(parameter, written, typed, forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    String name = arguments.get(FILE);
    Path path = session.path(name);
    if (!Files.exists(path)) {
      throw arguments.fault(FILE, Kind.DATA, "no file " + Quoted.of(name), null);
    }
    TableFile file;
    try {
      file = reader(arguments).read(path);
      session.addRead(new ProvenanceInput("table", name, FileHash.sha256(path)));
    } catch (ZlensException e) {
      throw arguments.fault(FILE, e.kind(), e.getMessage(), e.hint());
    }
    if (file.provenance() != null) {
      session.addOrigin(file.provenance());
    }
    file.remarks().forEach(session.listener()::onNote);
    return file.table();
  }

  private static TableReader reader(Arguments arguments) {
    String file = arguments.get(FILE);
    return TableReader.of(file)
        .orElseThrow(
            () ->
                arguments.fault(
                    FILE,
                    Kind.TYPE,
                    "no table format for " + Quoted.of(file),
                    "endings are "
                        + TableReader.ALL.stream()
                            .map(TableReader::ending)
                            .collect(Collectors.joining(", "))));
  }
}
