package org.zlens.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.zlens.engine.tokenizer.Tokens;

class AlignmentTest {
  private static Prompt prompt(int length, Map<String, Integer> labels) {
    int[] ids = new int[length];
    List<String> strings = java.util.Collections.nCopies(length, "a");
    return new Prompt(
        "text", new Tokens(ids, strings, false), new Positions(labels), Optional.empty(), Map.of());
  }

  @Test
  void placesAreLabelsAndWhatFollowsThem() {
    PromptSet prompts =
        new PromptSet(
            "two",
            List.of(
                prompt(6, Map.of("S", 1)), prompt(7, Map.of("S", 2)), prompt(3, Map.of("S", 2))));
    Alignment places = Alignment.byLabel(prompts);
    assertThat(places.names()).containsExactly("START", "START+1", "S", "S+1", "S+2", "S+3", "END");
    assertThat(places.name(0, 0)).isEqualTo("START");
    assertThat(places.name(0, 1)).isEqualTo("S");
    assertThat(places.name(0, 5)).isEqualTo("END");
    assertThat(places.name(1, 1)).isEqualTo("START+1");
    assertThat(places.name(2, 2)).isEqualTo("S");
    assertThat(places.position(0, places.place(1, 1))).isEqualTo(-1);
    assertThat(places.position(1, places.place(0, 1))).isEqualTo(2);
  }

  @Test
  void somePlacesMayStayWithoutANumber() {
    PromptSet prompts = new PromptSet("one", List.of(prompt(4, Map.of("S", 1))));
    Alignment some = Alignment.byLabel(prompts).only(List.of(new int[] {1, 3})).compact();
    assertThat(some.names()).containsExactly("S", "END");
    assertThat(some.places().get(0)).containsExactly(-1, 0, -1, 1);
    assertThat(Alignment.together(prompts).places().get(0)).containsOnly(0);
  }
}
