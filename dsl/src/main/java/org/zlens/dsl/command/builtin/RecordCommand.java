package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Capability;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.replay.Recorder;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/** {@code record}: a transcript of the session that can be run again. */
public final class RecordCommand implements Command {
  private static final String OFF = "off";

  private static final Parameter<String> FILE =
      Parameter.of("file", Types.PATH, "the transcript; 'off' ends it").optional();

  private static final Parameter<Boolean> REPLACE =
      Parameter.flag("replace", "a file of the same name may be lost");

  private static final Signature SIGNATURE =
      Signature.verb("record", Group.SESSION, "write a transcript that can be run again")
          .needs(Capability.WRITE_FILES)
          .details(
              """
              The transcript is a script: the statements as they were given, and below each, as \
              comments, every number that it showed or named, with all its digits, and what it \
              read. Statements that ran before come first, so that the transcript runs from \
              nothing; statements that fail become comments. It is written statement by statement. \
              'run FILE' in it stays what it is, with the digest of the file, and a line of Kotlin \
              becomes 'kotlin "..."', with what it printed. It stands alone, in no loop and no \
              script that another runs. 'replay' runs a transcript and compares. Without a file it \
              says whether it records.""")
          .parameters(FILE, REPLACE)
          .example("record \"study.zl\" replace\nset seed 3\n1 + 1\nrecord off", "two statements")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (arguments.has(REPLACE) && !arguments.has(FILE)) {
      throw arguments.fault(REPLACE, Kind.USAGE, "'replace' needs a file", null);
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    String before = session.find(Recorder.SLOT).map(Recorder::name).orElse(null);
    if (!arguments.has(FILE)) {
      session
          .listener()
          .onNote(before == null ? "not recording" : "recording to " + Quoted.printable(before));
      return NothingValue.NOTHING;
    }
    if (!session.runsAlone()) {
      throw new ZlensException(
          Kind.USAGE,
          "'record' stands alone, in no loop, block or script that another runs",
          "a transcript holds whole statements: record before the one that holds this");
    }
    String file = arguments.get(FILE);
    if (file.equals(OFF)) {
      session.clear(Recorder.SLOT);
      session
          .listener()
          .onNote(before == null ? "not recording" : "recorded " + Quoted.printable(before));
      return NothingValue.NOTHING;
    }
    Recorder recorder;
    try {
      recorder = Recorder.start(session, file, arguments.get(REPLACE));
    } catch (ZlensException e) {
      throw arguments.fault(FILE, e.kind(), e.getMessage(), e.hint());
    }
    session.put(Recorder.SLOT, recorder);
    session.addListener(recorder);
    session.listener().onNote("recording to " + Quoted.printable(file));
    return NothingValue.NOTHING;
  }
}
