package org.zlens.dsl.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.engine.model.ModelLoader;

/** When a result comes from the cache: exactly when nothing that it hangs on has changed. */
class ResultCacheTest {
  private static final String START =
      """
      model sprig
      prompt "When Ann and Bob went to the store, Bob gave a drink to" answer " Ann" over " Bob"
      """;

  private final List<Provenance> heard = new ArrayList<>();
  private final List<Value> shown = new ArrayList<>();
  private Session session;

  @BeforeEach
  void open() {
    assumeTrue(ModelLoader.hasSprig(), "this build has no embedded model");
    session =
        new Session(
            new Registry(BuiltinCommands.all()),
            (statement, value, provenance) -> {
              heard.add(provenance);
              shown.add(value);
            });
    run(START);
  }

  @AfterEach
  void close() {
    if (session != null) {
      session.close();
    }
  }

  private void run(String text) {
    new Interpreter(session).run(new SourceText("test", text));
  }

  private boolean isRemembered(String statement) {
    run(statement);
    return heard.get(heard.size() - 1).remembered() != null;
  }

  @Test
  void theSameStatementGivesTheSameValueFromTheCache() {
    for (String statement :
        List.of(
            "logits top 3",
            "dla by head",
            "features L2 at END top 2",
            "ablate head L2.H0 zero",
            "sweep heads L3 at END",
            "pattern L1.H3 at END",
            "capture L1.z",
            "evaluate sae L1",
            "tokens",
            "sites")) {
      assertThat(isRemembered(statement)).as(statement).isFalse();
      Value first = shown.get(shown.size() - 1);
      Provenance computed = heard.get(heard.size() - 1);
      assertThat(isRemembered(statement)).as(statement).isTrue();
      assertThat(shown.get(shown.size() - 1)).isSameAs(first);
      Provenance again = heard.get(heard.size() - 1);
      assertThat(again.inputs()).isEqualTo(computed.inputs());
      assertThat(again.remembered()).isBetween(computed.at(), again.at());
    }
    assertThat(isRemembered("logits top 4")).isFalse();
    assertThat(isRemembered("logits top 3 | where rank = 1")).isTrue();
  }

  @Test
  void everythingThatAResultHangsOnMakesAnother() {
    run("dla by head");
    for (String change :
        List.of(
            "mark S2 = \" Bob\"#2",
            "metric probability",
            "set seed 5",
            "set tolerance 0.5",
            "prompt \"When Ann and Bob went to the store, Ann gave a drink to\" answer \" Bob\" over"
                + " \" Ann\"",
            "prompt \"When Ann and Bob went to the store, Ann gave a drink to\" answer \" Ann\" over"
                + " \" Bob\"",
            "sae sprig",
            "model sprig processing none\n"
                + "prompt \"When Ann and Bob went to the store, Bob gave a drink to\" answer"
                + " \" Ann\" over \" Bob\"")) {
      assertThat(isRemembered("dla by head")).as("before " + change).isTrue();
      run(change);
      assertThat(isRemembered("dla by head")).as(change).isFalse();
    }
  }

  @Test
  void whatChangesOnlyThePrintingChangesNoResult() {
    run("dla by head\nset rows 7\nset format csv");
    assertThat(isRemembered("dla by head")).isTrue();
  }

  @Test
  void anotherModelOfTheSameNameIsAnother() {
    run("logits");
    run(START);
    assertThat(isRemembered("logits")).as("the same file loaded again").isTrue();
  }

  @Test
  void editsInForceMustSeeTheModelRun() {
    run("ablate head L2.H0 zero\nlogits");
    run("with steer L2.F17 by 3 { logits }");
    assertThat(heard.get(heard.size() - 1).remembered()).isNull();
    run("with steer L2.F17 by 3 { logits }");
    assertThat(heard.get(heard.size() - 1).remembered()).isNull();
    assertThat(isRemembered("logits")).isTrue();
  }

  @Test
  void variablesCountByWhatTheyHold() {
    run("let n = 2\nlogits top n");
    assertThat(isRemembered("logits top n")).isTrue();
    assertThat(isRemembered("logits top 2")).isTrue();
    run("let n = 3");
    assertThat(isRemembered("logits top n")).isFalse();
  }

  @Test
  void itCanBeOffAndItsMemoryIsBounded() {
    run("set cache off\nlogits");
    assertThat(isRemembered("logits")).isFalse();
    run("set cache 1");
    for (int top = 1; top < 200; top++) {
      run("logits top " + top);
      assertThat(session.cache().bytes()).isLessThanOrEqualTo(1 << 20);
    }
    assertThat(session.cache().bytes()).isPositive();
    assertThat(isRemembered("logits top 1")).as("the oldest had to go").isFalse();
    run("set cache off");
    assertThat(session.cache().bytes()).isZero();
  }

  @Test
  void anExplanationRunsNothingAndSaysWhenTheCacheWouldAnswer() {
    assertThat(explained("explain logits top 3 | top 1")).contains("runs, and its result is kept");
    assertThat(session.cache().bytes()).isZero();
    run("logits top 3");
    assertThat(explained("explain logits top 3 | top 1"))
        .contains("its result comes from the cache, computed ")
        .contains("model sprig", "prompts prompt", "saes as they come with the model")
        .contains("runs each time, on what comes in");
  }

  private String explained(String statement) {
    run(statement);
    return Cells.tableOf(session.last()).table().printAll();
  }
}
