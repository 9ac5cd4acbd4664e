package org.zlens.dsl.command.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Example;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.TreeNode;
import org.zlens.dsl.session.TreeValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.model.ModelLoader;

/**
 * Every verb that runs the model foretells what it takes, and has what it took stand beside that
 * afterwards. That no such verb is without a plan is tested where the calls of classes are known.
 */
class EveryPlanTest {
  /** Verbs whose examples end with something else, or run no model. */
  private static final Map<String, String> OWN =
      Map.of(
          "hook",
          "hook L2.z at S2 becomes x * 0.5",
          "sweep sites",
          "sweep sites layers L2 at S2 zero",
          "metric",
          "metric probability",
          "train sprig",
          "train sprig to \"made\" repeats 4096 tokens 4096 vectors 4096",
          "tokens",
          "tokens by L2.F39");

  @TempDir private static Path directory;

  private static Value last;
  private static Session session;

  @BeforeAll
  static void open() {
    assumeThat(ModelLoader.hasSprig()).isTrue();
    ResultListener listener =
        new ResultListener() {
          @Override
          public void onValue(Statement statement, Value value, Provenance provenance) {
            last = value;
          }
        };
    session =
        new Session(new Registry(BuiltinCommands.all()), Settings.STANDARD, listener, directory);
    run("set cache 0; model sprig");
  }

  @AfterAll
  static void close() {
    if (session != null) {
      session.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> foretellsAndSaysWhatItTook() {
    return BuiltinCommands.all().stream()
        .filter(Planned.class::isInstance)
        .map(
            command ->
                DynamicTest.dynamicTest(command.signature().verb(), () -> foretold(command)));
  }

  private void foretold(Command command) {
    List<String> script = script(command);
    String asked = script.get(script.size() - 1);
    script.subList(0, script.size() - 1).stream()
        .filter(line -> !line.equals("model sprig"))
        .forEach(EveryPlanTest::run);
    run("explain " + asked);
    TreeNode before = plan(((TreeValue) last).root());
    assertThat(before).as("the plan of '%s'", asked).isNotNull();
    assertThat(detail(before, "time")).matches("(under|about|at most) [\\d.e+-]+ s");
    assertThat(detail(before, "memory")).endsWith(" beside the model");
    if (command instanceof TrainSprigCommand) {
      return; // to make a model takes too long here
    }
    run(asked);
    run("explain " + asked);
    TreeNode after = plan(((TreeValue) last).root());
    assertThat(detail(after, "time")).matches(".* s; it took [\\d.e+-]+ s");
  }

  /** The statements of its first example that ends with it. */
  private static List<String> script(Command command) {
    String verb = command.signature().verb();
    if (OWN.containsKey(verb)) {
      return List.of("dataset ioi n 4", OWN.get(verb));
    }
    for (Example example : command.signature().examples()) {
      List<String> statements = new ArrayList<>();
      for (String line : example.script().split("\n")) {
        statements.addAll(List.of(line.split("; ")));
      }
      String last = statements.get(statements.size() - 1);
      if (last.startsWith(verb + " ") || last.equals(verb)) {
        return statements;
      }
    }
    throw new AssertionError("no example of '" + verb + "' ends with it");
  }

  private static void run(String text) {
    new Interpreter(session).run(new SourceText("test", text));
  }

  private static TreeNode plan(TreeNode node) {
    if (node.label().equals("plan")) {
      return node;
    }
    return node.children().stream()
        .map(EveryPlanTest::plan)
        .filter(found -> found != null)
        .findFirst()
        .orElse(null);
  }

  private static String detail(TreeNode plan, String name) {
    return plan.children().stream()
        .filter(child -> child.label().equals(name))
        .map(child -> child.cells().get("detail").toString())
        .findFirst()
        .orElseThrow();
  }
}
