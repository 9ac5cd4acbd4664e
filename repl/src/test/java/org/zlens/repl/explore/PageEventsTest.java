package org.zlens.repl.explore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.repl.SampleCommand;
import org.zlens.repl.SlowCommand;

/** What windows of a page hear of a session, and what they do to it. */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PageEventsTest {
  @TempDir Path folder;

  @Test
  void aClickRunsAStatementAndAllWindowsHearOfIt() {
    try (OpenPage page = new OpenPage(folder, new SampleCommand())) {
      EventStream first = page.events();
      EventStream second = page.events();
      page.click("sample | top 1 by delta");
      for (EventStream window : List.of(first, second)) {
        JsonNode start = window.await("start", one -> one.path("text").asText().contains("sample"));
        assertThat(start.path("from").asText()).isEqualTo("page");
        assertThat(start.path("verbs").toString()).isEqualTo("[\"sample\",\"top\"]");
        JsonNode value =
            window.await("value", one -> one.path("entry").equals(start.path("entry")));
        assertThat(value.at("/value/rows/0/delta").asDouble()).isEqualTo(12.25);
        assertThat(value.at("/value/provenance/command").asText()).contains("sample");
        window.await("end", one -> one.path("entry").equals(start.path("entry")));
      }
      // The terminal shows results of what was typed there.
      assertThat(page.terminal()).doesNotContain("12.25");
    }
  }

  @Test
  void whatIsTypedAppearsOnThePage() {
    try (OpenPage page = new OpenPage(folder, new SampleCommand())) {
      EventStream window = page.events();
      page.typed("sample | top 1 by delta");
      JsonNode start = window.await("start", one -> true);
      assertThat(start.path("from").asText()).isEqualTo("terminal");
      window.await("value", one -> one.at("/value/rows/0/delta").asDouble() == 12.25);
      assertThat(page.terminal()).contains("12.25");
    }
  }

  @Test
  void aWindowThatOpensLateIsToldTheSame() {
    try (OpenPage page = new OpenPage(folder, new SampleCommand())) {
      EventStream early = page.events();
      page.typed("set seed 3");
      page.click("sample");
      page.click("ablaet");
      early.await("failure", one -> true);
      EventStream late = page.events();
      late.await("ready", one -> true);
      assertThat(late.all("start")).isEqualTo(early.all("start")).hasSize(3);
      assertThat(late.all("value")).isEqualTo(early.all("value"));
      assertThat(late.all("failure")).isEqualTo(early.all("failure"));
    }
  }

  @Test
  void errorsAreThoseOfTheTerminal() {
    try (OpenPage page = new OpenPage(folder, new SampleCommand())) {
      EventStream window = page.events();
      page.click("sample | sort by nothing_such");
      String error = window.await("failure", one -> true).path("error").asText();
      assertThat(error).startsWith("error: ").contains("--> page:1:18").contains("^^^");
      page.click("expect 1 > 2");
      window.await("failure", one -> one.path("error").asText().contains("expect"));
    }
  }

  @Test
  void aCommandIsStoppedFromThePageAndTheSessionGoesOn() throws InterruptedException {
    SlowCommand slow = new SlowCommand();
    try (OpenPage page = new OpenPage(folder, slow, new SampleCommand())) {
      EventStream window = page.events();
      page.click("slow");
      assertThat(slow.started().await(60, TimeUnit.SECONDS)).isTrue();
      window.await("progress", one -> one.path("what").asText().equals("working"));
      assertThat(page.post("cancel", "{}").statusCode()).isEqualTo(204);
      assertThat(window.await("failure", one -> true).path("interrupted").asBoolean()).isTrue();
      page.click("sample");
      window.await("value", one -> true);
    }
  }

  @Test
  void commandsOfBothFacesRunOneAfterTheOther() {
    try (OpenPage page = new OpenPage(folder, new SampleCommand())) {
      EventStream window = page.events();
      for (int i = 0; i < 20; i++) {
        page.click("set seed " + i);
        page.typed("sample");
      }
      window.await("end", one -> one.path("entry").asInt() == window.all("start").size());
      page.typed("1 + 1");
      window.await("end", one -> one.path("entry").asInt() == 41);
      String running = null;
      for (EventStream.Sent event : window.all()) {
        String entry = event.data().path("entry").asText();
        switch (event.name()) {
          case "start" -> {
            assertThat(running).isNull();
            running = entry;
          }
          case "value", "note" -> assertThat(entry).isEqualTo(running);
          case "end" -> {
            assertThat(entry).isEqualTo(running);
            running = null;
          }
          default -> {}
        }
      }
    }
  }

  @Test
  void aTranscriptHoldsClicksAsItHoldsWhatIsTyped() throws IOException {
    Path transcript = folder.resolve("both.zl");
    try (OpenPage page = new OpenPage(folder, new SampleCommand())) {
      EventStream window = page.events();
      page.typed("record \"" + transcript + "\"");
      page.typed("set seed 3");
      page.click("sample | top 1 by delta\n1 + 2");
      window.await("value", one -> one.at("/value/value").asInt() == 3);
      page.typed("record off");
      List<String> statements =
          Files.readAllLines(transcript).stream().filter(line -> !line.startsWith("#")).toList();
      assertThat(statements).containsExactly("set seed 3", "sample | top 1 by delta", "1 + 2");
      List<String> shown =
          window.all("start").stream().map(one -> one.path("text").asText()).toList();
      assertThat(shown).containsAll(statements);
    }
  }

  @Test
  void whatRanBeforeIsThereWithoutResults() {
    try (OpenPage page = new OpenPage(folder, new SampleCommand())) {
      page.typed("explore off");
      page.typed("sample");
      page.typed("explore");
      String said = page.terminal();
      assertThat(said.split("http://")).hasSize(3);
      assertThat(page.terminal()).contains("the page is closed");
    }
  }

  @Test
  void theLogStaysWhenThePageIsOpenedAgain() {
    try (OpenPage page = new OpenPage(folder, new SampleCommand())) {
      page.typed("set seed 3");
      page.click("sample | top 1 by delta");
      EventStream first = page.events();
      first.await("value", one -> true);
      page.typed("explore off");
      first.awaitEnd();
      page.typed("sample");
      page.typed("explore");
      page.typed("1 + 2");
      EventStream again = page.eventsOfTheOpenPage();
      again.await("value", one -> one.at("/value/value").asInt() == 3);
      again.await("ready", one -> true);
      assertThat(again.all("start").stream().map(one -> one.path("text").asText()))
          .containsExactly(
              "set seed 3", "sample | top 1 by delta", "explore off", "sample", "1 + 2");
      assertThat(again.all("start").get(3).path("from").asText()).isEqualTo("before");
      assertThat(again.all("value").subList(0, 1)).isEqualTo(first.all("value"));
      // Nothing stands there as if it still ran.
      assertThat(again.all("end").stream().map(one -> one.path("entry").asInt()))
          .contains(1, 2, 3, 4);
    }
  }

  @Test
  void closingThePageEndsItsWindows() {
    try (OpenPage page = new OpenPage(folder)) {
      EventStream window = page.events();
      window.await("ready", one -> true);
      page.typed("explore off");
      window.awaitEnd();
    }
  }
}
