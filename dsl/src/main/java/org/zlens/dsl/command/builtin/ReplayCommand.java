package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Capability;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.replay.Replay;
import org.zlens.dsl.replay.ReplayReport;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/** {@code replay}: a transcript run again and compared. */
public final class ReplayCommand implements Command {
  private static final Parameter<String> FILE =
      Parameter.of("file", Types.PATH, "a transcript that 'record' wrote");

  private static final Parameter<Double> TOLERANCE =
      Parameter.after(
              "tolerance",
              "number",
              Types.positive(),
              "how far numbers may move; the setting 'tolerance' without it")
          .optional();

  private static final Parameter<Boolean> SAFE =
      Parameter.flag("safe", "refuse what a session started with --safe refuses");

  private static final Signature SIGNATURE =
      Signature.verb("replay", Group.SESSION, "run a transcript again and compare every number")
          .needs(Capability.RUN_SCRIPTS)
          .details(
              """
              It runs in a session of its own, and what it writes goes to a folder that is gone \
              afterwards. A number has moved when it differs by more than the tolerance, or, where \
              the recorded one is above 1, by more than the tolerance times it; whole numbers and \
              texts must be the same. Rows belong together by their texts where those tell them \
              apart, else by their order. A model, an SAE or a script whose file is another is \
              named as the cause; other versions are possible causes. The exit code is 1 if \
              anything moved.""")
          .parameters(FILE, TOLERANCE, SAFE)
          .result(ValueKind.TABLE)
          .example(
              "record \"study.zl\" replace\n1 / 3\nrecord off\nreplay \"study.zl\"",
              "the table of what moved, which has no rows")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    String name = arguments.get(FILE);
    SourceText source;
    try {
      source = SourceText.read(session.path(name), name);
    } catch (ZlensException e) {
      throw arguments.fault(FILE, e.kind(), e.getMessage(), e.hint());
    }
    double tolerance =
        arguments.find(TOLERANCE).orElseGet(() -> session.settings().get(Settings.TOLERANCE));
    ReplayReport report = Replay.run(session, source, tolerance, arguments.get(SAFE));
    TableValue table = report.table(tolerance);
    if (report.moved() == 0) {
      return table;
    }
    session.present(table);
    throw new ZlensException(
        Kind.RUNTIME,
        (report.moved() == 1 ? "1 difference" : report.moved() + " differences")
            + " from what '"
            + name
            + "' recorded",
        report.cause());
  }
}
