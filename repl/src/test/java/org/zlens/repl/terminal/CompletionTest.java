package org.zlens.repl.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;

class CompletionTest {
  private final Session session =
      new Session(new Registry(BuiltinCommands.all()), ResultListener.none());

  @Test
  void verbsStartAStage() {
    assertThat(at("|")).contains("set", "top", "let").doesNotContain("by");
    assertThat(at("se|")).contains("set");
    assertThat(at("set seed 1; |")).contains("set");
    assertThat(at("set\n|")).contains("set");
    assertThat(at("let best = |")).contains("set").doesNotContain("by");
  }

  @Test
  void afterAPipeOnlyVerbsThatTakeSomething() {
    assertThat(at("set | |")).contains("top", "where").doesNotContain("set", "let");
    assertThat(at("set | to|")).contains("top").doesNotContain("quit");
  }

  @Test
  void wordsAndArgumentsFollowTheSignature() {
    assertThat(at("set |")).contains("seed", "format");
    assertThat(at("set | top |")).contains("by");
    assertThat(at("set | top 3 by name |")).doesNotContain("by");
  }

  @Test
  void variablesCanStandForArguments() {
    session.setVariable("best", new NumberValue(3));
    assertThat(at("set seed $|")).contains("$best");
    assertThat(at("$b|")).contains("$best");
  }

  @Test
  void anUnknownVerbHasNoArguments() {
    assertThat(at("nosuchverb |")).isEmpty();
  }

  @Test
  void everyCandidateSaysWhatItIs() {
    assertThat(candidates("|")).allMatch(candidate -> !candidate.summary().isEmpty());
  }

  @Test
  void noPlaceOfALineIsTooOdd() {
    String line = "let a = set | top [1, (2 + \"x\" # comment \n | by `odd name` 5x $ L2.F |";
    for (int cursor = 0; cursor <= line.length(); cursor++) {
      assertThat(new CommandLanguage(session, () -> 0).complete(line.substring(0, cursor)))
          .isNotNull();
    }
  }

  /** Candidates at the last bar, which stands for the cursor. */
  private List<String> at(String marked) {
    return candidates(marked).stream().map(Candidate::text).toList();
  }

  private List<Candidate> candidates(String marked) {
    int cursor = marked.lastIndexOf('|');
    return new CommandLanguage(session, () -> 0).complete(marked.substring(0, cursor)).candidates();
  }
}
