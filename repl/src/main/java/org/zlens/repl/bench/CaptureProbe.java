package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.syntax.SourceText;

/**
 * A process that opens the model of a folder and captures one of its first layers, and prints the
 * most bytes that were resident.
 */
final class CaptureProbe {
  private CaptureProbe() {}

  public static void main(String[] arguments) throws IOException {
    try (Session session =
        new Session(
            new Registry(BuiltinCommands.all()),
            Settings.STANDARD,
            ResultListener.none(),
            Path.of(""))) {
      Interpreter interpreter = new Interpreter(session);
      interpreter.run(new SourceText("bench", "model \"" + arguments[0] + "\""));
      interpreter.run(new SourceText("bench", "prompt tokens [5, 17, 3, 9]"));
      interpreter.run(new SourceText("bench", "capture L1.z L1.resid_post"));
    }
    System.out.println(ResidentMemory.peak());
  }
}
