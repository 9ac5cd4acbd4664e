package org.zlens.repl.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.History;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.engine.PromptActivity;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.EntryHistory;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.LivePage;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.repl.Application;
import org.zlens.repl.explore.Explorer;
import org.zlens.repl.explore.Faces;
import org.zlens.repl.explore.PageCommands;
import org.zlens.repl.output.ErrorPrinter;
import org.zlens.repl.output.Output;
import org.zlens.repl.output.Progress;
import org.zlens.repl.output.TextSink;

/** A session at a terminal: reads a line, runs it, shows what comes of it, until the end. */
public final class Repl {
  private static final String PROMPT = "zlens> ";
  private static final String PAGE_PROMPT = "page> ";
  private static final int HISTORY_LIMIT = 10_000;

  private final Terminal terminal;
  private final ReplOptions options;
  private final IntConsumer halt;
  private final TextSink out;
  private final Pager pager;
  private final ErrorPrinter errors;
  private final Progress progress;
  private final Faces faces;
  private final Session session;
  private final CommandThread commands = new CommandThread();
  private final PromptActivity activity = new PromptActivity();
  private final Languages languages;
  private final LineReader reader;
  private final Interrupts interrupts;
  private String first;
  private volatile Thread reading;

  /**
   * A session that has not begun.
   *
   * @param halt ends the process at once, when a command does not let itself be stopped
   */
  public Repl(Terminal terminal, Registry registry, ReplOptions options, IntConsumer halt) {
    this.terminal = terminal;
    this.options = options;
    this.halt = halt;
    boolean dumb = terminal.getType().startsWith(Terminal.TYPE_DUMB);
    boolean color = options.color() && !dumb;
    out = new TextSink(terminal.output());
    pager = new Pager(terminal, dumb ? "" : options.pager(), this::wantsPages);
    errors = new ErrorPrinter(out, color, options.debug());
    progress = dumb ? Progress.none() : Progress.bar(out::write, terminal::getWidth);
    TextSink results = new TextSink(new PagedOutput(pager));
    Output output = new Output(results, out, progress, terminal::getWidth, color);
    faces = new Faces(output);
    session = new Session(registry, faces);
    output.follow(session.settings());
    if (options.format() != null) {
      session.settings().set(Settings.FORMAT, options.format());
    }
    languages =
        new Languages(
            List.of(new KotlinLanguage(session), new CommandLanguage(session, System::nanoTime)));
    reader = reader(color);
    session.put(Slots.ACTIVITY, activity);
    session.put(EntryHistory.SLOT, new EntryHistory(this::entries));
    session.put(LivePage.SLOT, new Explorer(session, faces, page()));
    interrupts = new Interrupts(session.cancellation(), System::nanoTime);
  }

  private LineReader reader(boolean color) {
    try {
      LineReader made = new InputReader(terminal, languages, color);
      made.setVariable(LineReader.HISTORY_SIZE, HISTORY_LIMIT);
      made.setVariable(LineReader.HISTORY_FILE_SIZE, HISTORY_LIMIT);
      Path history = options.history();
      if (history != null && isUsable(history)) {
        made.setVariable(LineReader.HISTORY_FILE, history);
      }
      made.getHistory().attach(made);
      return made;
    } catch (IOException e) {
      throw new ZlensException(Kind.RUNTIME, "no line editor: " + e.getMessage(), null, e);
    }
  }

  /** Whether a history can be kept there; a session without one is better than none. */
  private static boolean isUsable(Path history) {
    try {
      Path folder = history.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      return Files.exists(history) ? Files.isWritable(history) : Files.isWritable(folder);
    } catch (IOException e) {
      return false;
    }
  }

  /** From here on the network stays untouched. */
  public void stayOffline() {
    session.files().stayOffline();
  }

  /** From here on the session refuses what does more than look. */
  public void makeSafe() {
    session.files().makeSafe();
  }

  /** Runs a line before the first that is typed. */
  public void begin(String line) {
    first = line;
  }

  /** Runs the session to its end and returns the exit code of the process. */
  public int run() {
    reading = Thread.currentThread();
    terminal.handle(Signal.INT, signal -> interrupt());
    try (commands) {
      try {
        out.write("zlens " + Application.version() + "; 'help' lists the verbs, 'quit' leaves\n");
        if (options.init() != null) {
          commands.run(this::init);
        }
        if (first != null) {
          commands.run(
              () -> execute(() -> languages.of(first).run(new SourceText("input", first))));
        }
        while (!session.isQuitting()) {
          String line = read();
          if (line == null) {
            break;
          }
          if (line.isBlank()) {
            continue;
          }
          SourceText entry = new SourceText("input", line);
          commands.run(() -> execute(() -> languages.of(line).run(entry)));
          commands.between(poll -> activity.look(session, poll));
        }
      } finally {
        commands.run(session::close);
      }
    }
    return 0;
  }

  /** The next entry; empty when it was given up, null at the end of the input. */
  private String read() {
    // A Ctrl-C that came when the last command was ending is not meant for the next line.
    Thread.interrupted();
    try {
      return reader.readLine(PROMPT);
    } catch (UserInterruptException e) {
      // What was given up may be wanted again.
      if (!e.getPartialLine().isBlank()) {
        reader.getHistory().add(e.getPartialLine());
      }
      return "";
    } catch (EndOfFileException e) {
      return null;
    }
  }

  private void init() {
    String name = options.init().toString();
    try {
      SourceText script = SourceText.read(options.init(), name);
      execute(() -> new Interpreter(session).run(script));
    } catch (ZlensException e) {
      errors.print(new Diagnostic(e.kind(), e.getMessage(), null, null, e.hint(), e));
    }
  }

  /** What the page asks for runs between the lines that are typed, and is told above the prompt. */
  private PageCommands page() {
    return new PageCommands() {
      @Override
      public void submit(String text) {
        commands.submit(() -> runForPage(text));
      }

      @Override
      public void cancel() {
        session.cancellation().request();
      }
    };
  }

  private void runForPage(String text) {
    if (session.isQuitting()) {
      return;
    }
    reader.printAbove(PAGE_PROMPT + Quoted.printable(text));
    interrupts.begin();
    try {
      faces.duringPage(() -> languages.of(text).run(new SourceText("page", text)));
    } catch (DiagnosticException e) {
      // The page shows it, where it was asked for.
      return;
    } finally {
      interrupts.end();
    }
    if (session.isQuitting()) {
      reading.interrupt();
    }
  }

  private void execute(Runnable body) {
    long start = System.nanoTime();
    progress.begin();
    interrupts.begin();
    try {
      body.run();
    } catch (DiagnosticException e) {
      progress.clear();
      errors.print(e.diagnostic());
    } finally {
      interrupts.end();
      progress.clear();
    }
    if (session.settings().get(Settings.TIMING).equals("on")) {
      String work = progress.work();
      double seconds = (System.nanoTime() - start) / 1e9;
      out.write(
          String.format(Locale.ROOT, "%.3f s%s\n", seconds, work.isEmpty() ? "" : "; " + work));
    }
  }

  /** Whoever has pressed Ctrl-C wants the prompt, and what was done so far above it. */
  private boolean wantsPages() {
    return session.settings().get(Settings.PAGING).equals("on") && !interrupts.isStopping();
  }

  private List<EntryHistory.Entry> entries() {
    List<EntryHistory.Entry> entries = new ArrayList<>();
    for (History.Entry entry : reader.getHistory()) {
      entries.add(new EntryHistory.Entry(entry.index() + 1, entry.time(), entry.line()));
    }
    return entries;
  }

  private void interrupt() {
    if (pager.stop()) {
      return;
    }
    switch (interrupts.press()) {
      case IDLE, STOPPING -> {}
      case STILL_RUNNING -> {
        progress.clear();
        out.write("the command has not stopped yet; Ctrl-C once more ends zlens\n");
      }
      case LEAVE -> halt.accept(Kind.INTERRUPTED.exitCode());
    }
  }
}
