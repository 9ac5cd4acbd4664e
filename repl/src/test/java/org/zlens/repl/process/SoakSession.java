package org.zlens.repl.process;

import java.util.List;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.engine.runtime.ResidentMemory;

/**
 * The process of {@link SoakTest}: one session that runs commands of every sort, right and wrong,
 * and prints its resident bytes after the warm-up and at the end.
 */
final class SoakSession {
  private static final int WARM_UP = 120;

  private static final List<String> COMMANDS =
      List.of(
          "prompt \"When Ann and Bob went to the store, Bob gave a drink to\" answer \" Ann\" over"
              + " \" Bob\"",
          "logits top 3",
          "capture L1.z L2.pattern",
          "capture all",
          "let best = features L2 at END top 1",
          "dfa best.feature at END by source",
          "rdfa best.feature at END depth 2 width 2",
          "ablate feature best.feature at END",
          "ablate error L2",
          "ablate head L3.H0 zero",
          "with ablate head L3.H0, splice L1 at END { logits; dfa best.feature at END }",
          "with ablate head L2.H1 { with steer best.feature by 2 at END { sweep heads L3 at END }"
              + " }",
          "with ablate error L2 { logits; expect 1 = 2 }",
          "with ablate feature best.feature at END { heads L2.F17 }",
          "dla by head | top 3 by abs(contribution)",
          "heads L2.F17",
          "effect L3.F17 top 3",
          "pattern L1.H3 at END",
          "dataset ioi n 4",
          "features L1 at S2 top 3",
          "sweep heads L3 at END | sort by head",
          "ablate feature L9.F1",
          "capture L1.nothing",
          "tokens | where position > 3");

  private SoakSession() {}

  public static void main(String[] arguments) {
    int commands = Integer.parseInt(arguments[0]);
    try (Session session =
        new Session(new Registry(BuiltinCommands.all()), ResultListener.none())) {
      new Interpreter(session).run(new SourceText("soak", "model sprig; set cache off"));
      int failures = run(session, WARM_UP);
      System.out.println(ResidentMemory.bytes());
      run(session, commands);
      System.out.println(ResidentMemory.bytes());
      System.out.println(failures);
    }
  }

  private static int run(Session session, int commands) {
    int failures = 0;
    for (int i = 0; i < commands; i++) {
      String command = COMMANDS.get(i % COMMANDS.size());
      try {
        new Interpreter(session).run(new SourceText("soak", command));
      } catch (DiagnosticException e) {
        failures++;
        System.err.println(command + ": " + e.getMessage());
      }
    }
    return failures;
  }
}
