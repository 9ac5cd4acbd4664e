package org.zlens.dsl.replay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.SessionObject;
import org.zlens.dsl.session.Slot;
import org.zlens.dsl.session.StatementListener;
import org.zlens.dsl.session.StatementLog;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.AtomicFile;

/**
 * Writes a transcript: each statement as it was given, then what it showed as comments. A statement
 * is written when it has ended, in one go, so that whatever ends the program takes at most the
 * running statement from the transcript.
 */
public final class Recorder implements SessionObject, StatementListener {
  /** The recorder of a session that records. */
  public static final Slot<Recorder> SLOT = new Slot<>("transcript", Recorder.class);

  /** A script may not be longer; a transcript is one. */
  private static final long MOST_BYTES = 15L << 20;

  private static final int MOST_OF_A_FAILURE = 2000;

  private final Session session;
  private final String name;
  private final Path folder;
  private final FileChannel channel;
  private final Changes changes = new Changes();
  private final Gathered shown = new Gathered();
  private boolean full;

  private Recorder(Session session, String name, Path folder, FileChannel channel) {
    this.session = session;
    this.name = name;
    this.folder = folder;
    this.channel = channel;
    changes.versions(session);
  }

  /**
   * Starts a transcript with the statements that the session has run so far.
   *
   * @param name the file as a script names it
   * @param replace whether a file of the name may be lost
   */
  public static Recorder start(Session session, String name, boolean replace) {
    Path path = session.output(name);
    if (Files.exists(path) && !replace) {
      throw new ZlensException(
          Kind.DATA,
          "there is a file " + Quoted.of(name) + " already",
          "take another name, or 'record ... replace'");
    }
    StringBuilder text = new StringBuilder();
    line(TranscriptLines.head(session.versions()), text);
    line("# A transcript of zlens; 'replay' runs it again and compares.", text);
    if (!session.log().isComplete()) {
      line("# What this session ran before is too long to stand here: put it above.", text);
    } else if (!session.log().statements().isEmpty()) {
      line("# What the session ran before, which is not compared:", text);
      session.log().statements().forEach(statement -> line(statement, text));
      line("# From here on it was recorded.", text);
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(path, file -> writeAll(file, bytes));
    try {
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
      return new Recorder(session, name, path.toAbsolutePath().normalize().getParent(), channel);
    } catch (IOException e) {
      throw failure(name, e);
    }
  }

  /** The file as a script named it. */
  public String name() {
    return name;
  }

  @Override
  public void onStart(Statement statement, SourceText source) {
    shown.clear();
  }

  @Override
  public void onValue(Value value) {
    shown.add(value);
  }

  @Override
  public void onPrint(String text) {
    shown.print(text);
  }

  @Override
  public void onEnd(Statement statement, SourceText source) {
    if (StatementLog.isAboutTheSession(statement)) {
      return;
    }
    StringBuilder text = new StringBuilder();
    line(StatementLog.text(placed(statement), source), text);
    if (changes.versions(session)) {
      line(TranscriptLines.head(session.versions()), text);
    }
    changes.inputs(session).forEach(input -> line(TranscriptLines.input(input), text));
    for (Shown value : shown.all()) {
      TranscriptLines.value(value).forEach(one -> line(one, text));
    }
    line(TranscriptLines.DONE, text);
    append(text);
  }

  @Override
  public void onFailure(String statement, Diagnostic failure) {
    StringBuilder text = new StringBuilder();
    boolean isLong = statement.length() > MOST_OF_A_FAILURE;
    String shown = isLong ? statement.substring(0, MOST_OF_A_FAILURE) + " ..." : statement;
    TranscriptLines.failure(shown).forEach(one -> line(one, text));
    String hint = failure.hint() == null ? "" : "\nhint: " + failure.hint();
    TranscriptLines.failure("error: " + failure.message() + hint).forEach(one -> line(one, text));
    append(text);
  }

  /** An included file by its path from the transcript, so that both can move together. */
  private Statement placed(Statement statement) {
    if (!(statement instanceof Statement.Include include
        && include.file() instanceof Expression.Text file)) {
      return statement;
    }
    Path place = Path.of(file.value());
    return place.getRoot().equals(folder.getRoot())
        ? new Statement.Include(
            include.span(), new Expression.Text(file.span(), folder.relativize(place).toString()))
        : statement;
  }

  private void append(StringBuilder text) {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    try {
      if (full || channel.size() + bytes.length > MOST_BYTES) {
        if (!full) {
          full = true;
          session.listener().onNote("the transcript " + Quoted.of(name) + " is full and has ended");
        }
        return;
      }
      writeAll(channel, bytes);
      channel.force(false);
    } catch (IOException e) {
      throw failure(name, e);
    }
  }

  private static void writeAll(FileChannel channel, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      channel.write(left);
    }
  }

  private static void line(String line, StringBuilder text) {
    text.append(line).append('\n');
  }

  private static ZlensException failure(String name, IOException e) {
    return new ZlensException(
        Kind.DATA, "cannot write " + Quoted.of(name) + ": " + e.getMessage(), null, e);
  }

  @Override
  public void close() {
    session.removeListener(this);
    try {
      channel.close();
    } catch (IOException e) {
      throw failure(name, e);
    }
  }
}
