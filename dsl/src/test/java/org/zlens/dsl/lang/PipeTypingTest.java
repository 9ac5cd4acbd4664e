package org.zlens.dsl.lang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.SourceText;

/** A verb that does not take what the pipe gives is found before the first line runs. */
class PipeTypingTest {
  private static final Set<ValueKind> UNKNOWN = Set.of(ValueKind.ANY, ValueKind.NOTHING);

  static Stream<Arguments> mismatches() {
    List<Arguments> all = new ArrayList<>();
    for (Command command : BuiltinCommands.all()) {
      Set<ValueKind> wanted = command.signature().input();
      for (ValueKind kind : ValueKind.values()) {
        boolean takes = wanted.contains(kind) || wanted.contains(ValueKind.ANY);
        if (!takes && !UNKNOWN.contains(kind)) {
          all.add(Arguments.of(command.signature().verb(), kind));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{1} | {0}")
  @MethodSource("mismatches")
  void mistakesAreFoundBeforeAnythingRuns(String verb, ValueKind kind) {
    Registry registry = new Registry(BuiltinCommands.all()).with(List.of(new GiveCommand(kind)));
    String script = "give\n".repeat(39) + "give | " + verb;
    try (Session session =
        new Session(registry, Settings.STANDARD, ResultListener.none(), Path.of("target"))) {
      assertThatThrownBy(() -> new Interpreter(session).run(new SourceText("test", script)))
          .isInstanceOfSatisfying(
              DiagnosticException.class,
              e ->
                  assertThat(e.diagnostic().source().line(e.diagnostic().span().start()))
                      .isEqualTo(40));
    }
  }
}
