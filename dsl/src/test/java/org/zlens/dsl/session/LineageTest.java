package org.zlens.dsl.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.syntax.SourceText;

class LineageTest {
  private final Session session =
      new Session(new Registry(BuiltinCommands.all()), ResultListener.none());

  private void run(String text) {
    new Interpreter(session).run(new SourceText("recipe.zl", text));
  }

  private List<String> restsOn() {
    return session.lastOrigin().orElseThrow().lineage().statements().stream()
        .map(Provenance::command)
        .toList();
  }

  @Test
  void aResultKeepsWhatItWasMadeFromThroughVariablesPipesAndTheLastResult() {
    run("let t = set\nlet few = t | top 3 by name\n42");
    run("few | sort by name");
    assertThat(restsOn()).containsExactly("let t = set", "let few = t | top 3 by name");
    run("top 1");
    assertThat(restsOn())
        .containsExactly("let t = set", "let few = t | top 3 by name", "few | sort by name");
    run("$_ | select name");
    assertThat(restsOn()).hasSize(4).last().isEqualTo("top 1");
    run("set");
    assertThat(restsOn()).isEmpty();
  }

  @Test
  void theValuesOfALoopComeFromWhereItsListCameFrom() {
    run("let t = set\nfor n in t.name { let kept = n }");
    Lineage lineage = session.origin("kept").orElseThrow().lineage();
    assertThat(lineage.statements())
        .extracting(Provenance::command)
        .containsExactly("let t = set", "for n in t.name");
  }

  @Test
  void aLoopThatBuildsOnItselfKeepsItsLatestStatements() {
    run("let t = 0\nfor i in 1..250 { let t = (t + 1) }");
    Lineage lineage = session.origin("t").orElseThrow().lineage();
    assertThat(lineage.statements()).hasSize(Lineage.MOST);
    assertThat(lineage.omitted()).isGreaterThan(100);
  }

  @Test
  void aVariableThatNoStatementMadeHasNoOrigin() {
    run("let t = set");
    assertThat(session.origin("t")).isPresent();
    session.setVariable("t", new NumberValue(1));
    assertThat(session.origin("t")).isEmpty();
  }
}
