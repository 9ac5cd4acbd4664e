package org.zlens.repl.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.ZlensException;

class PageViewTest {
  private final PageView view = new PageView();

  private void change(String marks) {
    view.change(Json.read(marks));
  }

  @Test
  void marksComeAndGo() {
    change(
        "[{\"kind\":\"pinned\",\"node\":\"a\",\"value\":true},"
            + "{\"kind\":\"group\",\"node\":\"a\",\"value\":\"names\"},"
            + "{\"kind\":\"group\",\"node\":\"b\",\"value\":\"names\"},"
            + "{\"kind\":\"moved\",\"node\":\"b\",\"value\":[3,-4.5]}]");
    assertThat(view.has("pinned", "a")).isTrue();
    assertThat(view.has("pruned", "a")).isFalse();
    assertThat(view.groups()).containsExactly(Map.entry("names", List.of("a", "b")));
    change("[{\"kind\":\"pinned\",\"node\":\"a\",\"value\":null}]");
    assertThat(view.has("pinned", "a")).isFalse();
    assertThat(Json.read(view.json()).path("marks")).hasSize(3);
    view.clear();
    assertThat(view.json()).isEqualTo("{\"marks\":[]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"kind\":\"other\",\"node\":\"a\",\"value\":true}]",
        "[{\"kind\":\"pinned\",\"node\":\"\",\"value\":true}]",
        "[{\"kind\":\"pinned\",\"node\":\"a\",\"value\":\"yes\"}]",
        "[{\"kind\":\"moved\",\"node\":\"a\",\"value\":[1]}]",
        "[{\"kind\":\"moved\",\"node\":\"a\",\"value\":[1,\"x\"]}]",
        "[{\"kind\":\"group\",\"node\":\"a\",\"value\":\" \"}]",
        "[{\"kind\":\"pinned\",\"node\":\"a\"}]",
      })
  void whatIsNoMarkChangesNothing(String marks) {
    change("[{\"kind\":\"pinned\",\"node\":\"kept\",\"value\":true}]");
    String both = "[{\"kind\":\"pruned\",\"node\":\"kept\",\"value\":true}," + marks.substring(1);
    assertThatThrownBy(() -> change(both)).isInstanceOf(ZlensException.class);
    assertThat(view.has("pinned", "kept")).isTrue();
    assertThat(view.has("pruned", "kept")).isFalse();
  }
}
