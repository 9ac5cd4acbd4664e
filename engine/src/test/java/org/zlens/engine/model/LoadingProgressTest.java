package org.zlens.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.runtime.Progress;

/** Loading a model says how far it is and can be ended. */
class LoadingProgressTest {
  @Test
  void everyTensorIsHeardOf() {
    List<Long> heard = new ArrayList<>();
    load((done, total) -> heard.add(done * 1_000_000 + total)).close();
    assertThat(heard).hasSizeGreaterThan(10).isSorted().doesNotHaveDuplicates();
    assertThat(heard.get(heard.size() - 1) / 1_000_000)
        .isEqualTo(heard.size())
        .isLessThanOrEqualTo(heard.get(0) % 1_000_000);
  }

  @Test
  void itEndsWhenToldTo() {
    Progress stop =
        (done, total) -> {
          if (done == 3) {
            throw new ZlensException(Kind.INTERRUPTED, "interrupted", null);
          }
        };
    assertThatThrownBy(() -> load(stop))
        .isInstanceOfSatisfying(
            ZlensException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INTERRUPTED));
  }

  private static LanguageModel load(Progress progress) {
    return ModelLoader.load("gpt2-tiny", Fixtures.path("gpt2-tiny/hf"), WeightStep.all(), progress);
  }
}
