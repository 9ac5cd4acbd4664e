package org.zlens.dsl.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.diagnostic.DiagnosticRenderer;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.runtime.Scope;

class InterpreterTest {
  private final List<Provenance> heard = new ArrayList<>();

  /** A verb that does what a test wants. */
  private record Doing(String verb, Function<Session, Value> action) implements Command {
    @Override
    public Signature signature() {
      return Signature.verb(verb, Group.LOOK, "do it").result(ValueKind.NUMBER).build();
    }

    @Override
    public Value run(Arguments arguments, Session session) {
      return action.apply(session);
    }
  }

  /** An object in a slot that says when it is closed. */
  private record Thing(String name, List<String> closed) implements SessionObject {
    @Override
    public List<ProvenanceInput> inputs() {
      return List.of(new ProvenanceInput("model", name, "abc"));
    }

    @Override
    public void close() {
      closed.add(name);
    }
  }

  private Session session(Function<Session, Value> action) {
    Registry registry = new Registry(BuiltinCommands.all()).with(List.of(new Doing("act", action)));
    return new Session(registry, (statement, value, provenance) -> heard.add(provenance));
  }

  private static void run(Session session, String text) {
    new Interpreter(session).run(new SourceText("recipe.zl", text));
  }

  private static Diagnostic fail(Session session, String text) {
    return catchThrowableOfType(DiagnosticException.class, () -> run(session, text)).diagnostic();
  }

  @Test
  void anEngineFailureIsPlacedAtItsCallAndTheSessionLives() {
    Session session =
        session(
            s -> {
              throw new ZlensException(Kind.DATA, "the file is cut short", "get it again");
            });
    assertThat(DiagnosticRenderer.render(fail(session, "set seed 4\nact | show")))
        .isEqualTo(
            """
            error: the file is cut short
              --> recipe.zl:2:1
               2 | act | show
                 | ^^^
              hint: get it again
            """);
    run(session, "set seed");
    assertThat(heard).hasSize(1);
    assertThat(heard.get(0).seed()).isEqualTo(4);
  }

  @Test
  void anythingUnforeseenIsABugWithItsTrace() {
    Session session =
        session(
            s -> {
              throw new IllegalStateException("oh");
            });
    Diagnostic bug = fail(session, "act");
    assertThat(bug.exitCode()).isEqualTo(70);
    assertThat(DiagnosticRenderer.render(bug)).contains("a bug of zlens", "at org.zlens.dsl");
  }

  @Test
  void memoryThatRunsOutIsNoBug() {
    Session session =
        session(
            s -> {
              throw new OutOfMemoryError("heap");
            });
    assertThat(fail(session, "act").exitCode()).isEqualTo(1);
  }

  @Test
  void anInterruptionStopsTheCommandAndNotTheSession() {
    Session session =
        session(
            s -> {
              s.cancellation().request();
              s.cancellation().poll();
              return new NumberValue(1);
            });
    assertThat(fail(session, "act").exitCode()).isEqualTo(130);
    run(session, "set seed");
    assertThat(heard).hasSize(1);
  }

  @Test
  void aCommandRunsInAScopeOfItsOwn() {
    Session session =
        session(
            s -> {
              try (Scope inner = Scope.open()) {
                return new NumberValue(inner.size());
              }
            });
    run(session, "act");
    assertThat(session.last()).isEqualTo(new NumberValue(0));
  }

  @Test
  void provenanceTellsCommandPlaceAndInputs() {
    Slot<Thing> slot = new Slot<>("model", Thing.class);
    Session session =
        session(
            s -> {
              s.find(slot);
              return new NumberValue(2);
            });
    session.put(slot, new Thing("sprig", new ArrayList<>()));
    run(session, "\nact   # twice");
    Provenance provenance = heard.get(0);
    assertThat(provenance.command()).isEqualTo("act");
    assertThat(provenance.source()).isEqualTo("recipe.zl");
    assertThat(provenance.line()).isEqualTo(2);
    assertThat(provenance.inputs()).containsExactly(new ProvenanceInput("model", "sprig", "abc"));
    run(session, "let n = 3\nset | top n");
    assertThat(heard.get(heard.size() - 1).inputs())
        .contains(new ProvenanceInput("variable", "n", "3"));
    assertThat(provenance.versions()).containsKeys("java", "zlens");
  }

  @Test
  void anObjectIsClosedWhenAnotherTakesItsPlace() {
    List<String> closed = new ArrayList<>();
    Slot<Thing> slot = new Slot<>("thing", Thing.class);
    try (Session session = session(s -> new NumberValue(2))) {
      session.put(slot, new Thing("first", closed));
      session.put(slot, new Thing("second", closed));
      assertThat(closed).containsExactly("first");
    }
    assertThat(closed).containsExactly("first", "second");
  }

  @Test
  void hugeInputEndsInAnError() {
    Session session = session(s -> new NumberValue(2));
    assertThat(fail(session, "x".repeat(1 << 20)).kind()).isEqualTo(Kind.NAME);
    assertThat(fail(session, "set " + "seed ".repeat(1 << 18)).kind()).isEqualTo(Kind.TYPE);
    assertThat(fail(session, "set " + "(".repeat(1 << 18)).kind()).isEqualTo(Kind.SYNTAX);
    assertThat(fail(session, "\"" + "\\n".repeat(1 << 18)).kind()).isEqualTo(Kind.SYNTAX);
    assertThat(fail(session, "act |".repeat(1 << 18)).kind()).isEqualTo(Kind.SYNTAX);
    assertThat(fail(session, "for x in 1..2 {".repeat(90) + "b" + "}".repeat(90)).kind())
        .isEqualTo(Kind.NAME);
    assertThat(fail(session, "a-".repeat(1 << 18)).kind()).isEqualTo(Kind.SYNTAX);
  }

  @Test
  void aPatternOfManyCharactersIsRefused() {
    String pattern = "a".repeat(20_000);
    assertThat(fail(session(s -> null), "set | where name matches \"" + pattern + "\"").message())
        .startsWith("a pattern has at most ");
  }
}
