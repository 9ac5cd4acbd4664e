package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.study.Study;
import org.zlens.dsl.study.StudyRun;
import org.zlens.dsl.syntax.SourceText;

/**
 * Runs every study on the embedded model, offline, and prints how long all took, how long the
 * slowest did, how many mebibytes were ever resident, and how long it takes to load the model.
 */
final class StudiesProbe {
  private static final double BYTES_PER_MEBIBYTE = 1 << 20;

  private StudiesProbe() {}

  public static void main(String[] arguments) throws IOException {
    Path examples = Path.of(arguments[0]);
    Path folder = Path.of(arguments[1]);
    long start = System.nanoTime();
    try (Session session = session(folder)) {
      new Interpreter(session).run(new SourceText("probe", "model sprig"));
    }
    double load = (System.nanoTime() - start) / 1e9;
    double all = 0;
    double slowest = 0;
    for (String name : Study.names(examples)) {
      Study study = Study.read(examples, name);
      Path own = Files.createDirectories(folder.resolve(name));
      try (Session session = session(own)) {
        double seconds = new StudyRun(study, List.of()).run(session, new ArrayList<>()).seconds();
        all += seconds;
        slowest = Math.max(slowest, seconds);
      }
    }
    double memory = ResidentMemory.peak() / BYTES_PER_MEBIBYTE;
    System.out.println(all + " " + slowest + " " + memory + " " + load);
  }

  private static Session session(Path folder) {
    Session session =
        new Session(
            new Registry(BuiltinCommands.all()), Settings.STANDARD, ResultListener.none(), folder);
    session.files().stayOffline();
    return session;
  }
}
