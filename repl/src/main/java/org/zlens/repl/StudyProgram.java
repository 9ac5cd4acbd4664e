package org.zlens.repl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jline.utils.Signals;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.PageValue;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.study.Study;
import org.zlens.dsl.study.StudyReport;
import org.zlens.dsl.study.StudyResult;
import org.zlens.dsl.study.StudyRun;
import org.zlens.dsl.study.VerdictTable;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.report.Plot;
import org.zlens.repl.output.ErrorPrinter;

/**
 * Runs studies: each in a session of its own and a folder of its own below {@code studies/}, where
 * the report of all of them stands as {@code index.html}.
 */
final class StudyProgram {
  /** What stands for every study. */
  static final String ALL = "all";

  private static final Path FOLDER = Path.of("studies");

  private final Registry registry;
  private final Path examples;
  private final Path folder;
  private final ErrorPrinter errors;

  /**
   * @param examples the folder of the studies
   * @param current what the folder of the reports stands in
   */
  StudyProgram(Registry registry, Path examples, Path current, ErrorPrinter errors) {
    this.registry = registry;
    this.examples = examples;
    this.folder = current.resolve(FOLDER);
    this.errors = errors;
  }

  /** Passes on what a recipe shows, or not, and keeps the pictures. */
  private record Watcher(ResultListener output, boolean shows, List<Plot> plots)
      implements ResultListener {
    @Override
    public void onValue(Statement statement, Value value, Provenance provenance) {
      if (value instanceof PageValue page) {
        page.plot().ifPresent(plots::add);
      }
      if (shows) {
        output.onValue(statement, value, provenance);
      }
    }

    @Override
    public void onNote(String note) {
      if (shows) {
        output.onNote(note);
      }
    }

    @Override
    public void onPrint(String text) {
      if (shows) {
        output.onPrint(text);
      }
    }

    @Override
    public void onProgress(String what, long done, long total) {
      output.onProgress(what, done, total);
    }
  }

  /**
   * Runs one study, or all, and says what became of the numbers.
   *
   * @param arguments a {@code NAME=VALUE} for each parameter that is given a value
   * @param output where verdicts go, and what the recipe of a single study shows
   * @param setUp what is done to each session before its recipe runs
   * @return the exit code: 1 where a number is not what it should be
   */
  int run(String name, List<String> arguments, ResultListener output, Consumer<Session> setUp) {
    boolean all = name.equals(ALL);
    List<Study> studies = new ArrayList<>();
    List<StudyRun> runs = new ArrayList<>();
    for (String one : all ? Study.names(examples) : List.of(name)) {
      studies.add(Study.read(examples, one));
      runs.add(new StudyRun(studies.get(studies.size() - 1), arguments));
    }
    List<StudyResult> results = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Watcher watcher = new Watcher(output, !all, new ArrayList<>());
      results.add(run(studies.get(i), runs.get(i), watcher, setUp));
    }
    Path report = (all ? folder : folder.resolve(name)).resolve("index.html");
    StudyReport.of(results).write(report);
    output.onNote("wrote the report " + report);
    return results.stream()
        .mapToInt(StudyProgram::exitCode)
        .filter(code -> code > 0)
        .findFirst()
        .orElse(0);
  }

  private static int exitCode(StudyResult result) {
    return result
        .failure()
        .map(Diagnostic::exitCode)
        .orElse(result.holds() ? 0 : Kind.RUNTIME.exitCode());
  }

  private StudyResult run(Study study, StudyRun run, Watcher watcher, Consumer<Session> setUp) {
    Path own = folder.resolve(study.name());
    try {
      Files.createDirectories(own);
    } catch (IOException e) {
      throw DataFault.of(own, e);
    }
    try (Session session = new Session(registry, watcher)) {
      session.files().writeInto(own);
      setUp.accept(session);
      Object before = Signals.register("INT", () -> interrupt(session));
      try {
        Instant start = Instant.now();
        StudyResult result = run.run(session, watcher.plots());
        result.failure().ifPresent(errors::print);
        show(result, session, start, watcher.output());
        return result;
      } finally {
        Signals.unregister("INT", before);
      }
    }
  }

  private static void interrupt(Session session) {
    if (session.cancellation().isRequested()) {
      Runtime.getRuntime().halt(Kind.INTERRUPTED.exitCode());
    }
    session.cancellation().request();
  }

  private static void show(
      StudyResult result, Session session, Instant start, ResultListener output) {
    String command = "study " + result.study().name();
    SourceText line = new SourceText("command line", command);
    Provenance provenance =
        new Provenance(
            command,
            line.name(),
            1,
            session.inputs(),
            session.settings().get(Settings.SEED),
            session.versions(),
            start,
            Duration.between(start, Instant.now()));
    Statement statement = Interpreter.parse(line).statements().get(0);
    output.onValue(statement, VerdictTable.of(result), provenance);
  }
}
