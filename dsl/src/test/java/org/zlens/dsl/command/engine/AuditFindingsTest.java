package org.zlens.dsl.command.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an audit found stands below the tree and the graph that it was found of, group by group. */
class AuditFindingsTest {
  private static final String EXPLAINED = "exact is what the number above loses";

  @TempDir private Path directory;

  @Test
  void eachGroupHasItsOwn() {
    try (Conversation talk = new Conversation(directory)) {
      talk.ask("model sprig\ndataset ioi n 4");
      List<String> notes = talk.ask("rdfa logit across order depth 1 width 2 audit").notes();
      for (String group : List.of("order ABBA: ", "order BABA: ")) {
        assertThat(notes)
            .filteredOn(note -> note.startsWith(group))
            .hasSize(2)
            .anyMatch(note -> note.startsWith(group + "audit: of "))
            .anyMatch(note -> note.startsWith(group + "edges that agree explain "));
      }
      assertThat(notes).noneMatch(note -> note.contains(EXPLAINED));
    }
  }

  @Test
  void theGraphOfATreeTellsThemToo() {
    try (Conversation talk = new Conversation(directory)) {
      talk.ask("model sprig\ndataset ioi n 4");
      List<String> tree = talk.ask("rdfa logit depth 1 width 2 audit").notes();
      assertThat(tree).anyMatch(note -> note.startsWith(EXPLAINED));
      String found =
          tree.stream().filter(note -> note.startsWith("audit: of ")).findFirst().orElseThrow();
      assertThat(talk.ask("rdfa logit depth 1 width 2 audit | graph").notes()).contains(found);
      assertThat(talk.ask("rdfa logit depth 1 width 2 | graph").notes())
          .noneMatch(note -> note.startsWith("audit: "));
    }
  }
}
