package org.zlens.dsl.command.builtin;

import java.util.stream.Collectors;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Capability;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.save.SaveFormat;
import org.zlens.dsl.save.SaveFormats;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException.Kind;

/** {@code save}: a value in a file, in the format that the file's ending names. */
public final class SaveCommand implements Command {
  private static final Parameter<String> FILE =
      Parameter.of("file", Types.PATH, "where to; its ending chooses the format");

  private static final Signature SIGNATURE =
      Signature.verb("save", Group.TABLES, "write a value to a file and pass it on")
          .needs(Capability.WRITE_FILES)
          .details(
              """
              Tables go to .csv, .tsv, .json and .parquet, from which 'table' reads them back; their \
              columns of numbers also to .safetensors and .npz; tensors go to .safetensors, .npz and \
              .json, and graphs to .graphml and to the .json of circuit-tracer. The file is wholly there or not at all, and a file of the same name is \
              replaced. How the value came to be is stored in the file, and for .csv and .tsv in a \
              file beside it that ends in .provenance.json.""")
          .parameters(FILE)
          .input(ValueKind.ANY)
          .passesInput()
          .example("set | save \"settings.csv\"", "the settings as comma-separated values")
          .example(
              "set | save \"settings.json\" | save \"settings.parquet\"", "two formats at once")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (arguments.isKnown(FILE)) {
      format(arguments);
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    SaveFormat format = format(arguments);
    String file = arguments.get(FILE);
    String what = format.write(arguments.input(), session.provenance(), session.output(file));
    session.listener().onNote("wrote " + Quoted.printable(file) + " (" + what + ")");
    return arguments.input();
  }

  private static SaveFormat format(Arguments arguments) {
    String file = arguments.get(FILE);
    SaveFormat format =
        SaveFormats.of(file)
            .orElseThrow(
                () ->
                    arguments.fault(
                        FILE,
                        Kind.TYPE,
                        "no format for " + Quoted.of(file),
                        "endings are " + endings(ValueKind.ANY)));
    ValueKind kind = arguments.inputKind();
    if (kind != ValueKind.ANY && !format.accepts(kind)) {
      throw arguments.fault(
          FILE,
          Kind.TYPE,
          kind.phrase() + " cannot be saved as " + format.ending(),
          "save it as " + endings(kind));
    }
    return format;
  }

  private static String endings(ValueKind kind) {
    return SaveFormats.all().stream()
        .filter(format -> kind == ValueKind.ANY || format.accepts(kind))
        .map(SaveFormat::ending)
        .collect(Collectors.joining(", "));
  }
}
