package org.zlens.dsl.command.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Completer;
import org.zlens.dsl.session.Session;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/** The features that are active in the prompts, as somebody who types an address meets them. */
class PromptActivityTest {
  private final PromptActivity activity = new PromptActivity();
  private Conversation talk;

  @BeforeEach
  void open(@TempDir Path folder) {
    talk = new Conversation(folder);
    talk.session().put(Slots.ACTIVITY, activity);
  }

  @AfterEach
  void close() {
    talk.close();
  }

  private List<Candidate> offered(String before) {
    Session session = talk.session();
    return new Completer(session.registry(), session.forecast()).complete(before).fitting();
  }

  @Test
  void nothingIsLookedForWithoutPrompts() {
    activity.look(talk.session(), () -> {});
    talk.ask("model sprig");
    activity.look(talk.session(), () -> {});
    assertThat(offered("dfa L2.F")).extracting(Candidate::text).containsExactly("L2.F");
  }

  @Test
  void activeFeaturesAreOfferedWithTheTokenThatTheyAreStrongestAt() {
    talk.ask("model sprig; prompt \"When Ann and Bob went to the store, Bob gave a drink to\"");
    assertThat(offered("dfa L2.F")).hasSize(1);
    activity.look(talk.session(), () -> {});
    assertThat(offered("dfa L2.F"))
        .hasSizeBetween(2, 40)
        .allMatch(one -> one.text().matches("L2\\.F\\d+"))
        .allMatch(one -> one.summary().matches("(?s)[0-9.e+]+ at '.*'.*"));
    assertThat(strength(0)).isGreaterThanOrEqualTo(strength(1));
  }

  private double strength(int place) {
    return Double.parseDouble(offered("dfa L2.F").get(place).summary().split(" ")[0]);
  }

  @Test
  void severalPromptsSayInHowManyAFeatureIs() {
    talk.ask("model sprig; dataset ioi n 3");
    activity.look(talk.session(), () -> {});
    assertThat(offered("dfa L2.F").get(0).summary()).matches(".*, in [1-3] of 3 prompts");
  }

  @Test
  void whatIsPutOffGoesOnWhereItWas() {
    talk.ask("model sprig; prompt \"Ann gave Bob a drink\"");
    AtomicInteger polls = new AtomicInteger();
    Runnable impatient =
        () -> {
          if (!offered("dfa L0.F").get(0).text().equals("L0.F")) {
            throw new ZlensException(Kind.INTERRUPTED, "somebody types", null);
          }
        };
    assertThatThrownBy(() -> activity.look(talk.session(), impatient))
        .isInstanceOf(ZlensException.class);
    List<Candidate> before = offered("dfa L0.F");
    assertThat(before).hasSizeGreaterThan(1);
    assertThat(offered("dfa L3.F")).hasSize(1);
    activity.look(talk.session(), polls::incrementAndGet);
    assertThat(offered("dfa L0.F")).isEqualTo(before);
    assertThat(offered("dfa L3.F")).hasSizeGreaterThan(1);
    int done = polls.get();
    activity.look(talk.session(), polls::incrementAndGet);
    assertThat(polls).hasValue(done);
  }

  @Test
  void otherPromptsAreLookedAtAnew() {
    talk.ask("model sprig; prompt \"Ann gave Bob a drink\"");
    activity.look(talk.session(), () -> {});
    List<Candidate> before = offered("dfa L2.F");
    talk.ask("prompt \"one two three four five six\"");
    activity.look(talk.session(), () -> {});
    assertThat(offered("dfa L2.F")).hasSizeGreaterThan(1).isNotEqualTo(before);
  }
}
