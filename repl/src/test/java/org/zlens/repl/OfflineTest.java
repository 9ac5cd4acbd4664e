package org.zlens.repl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code --offline} as a user meets it. */
class OfflineTest {
  @Test
  void nothingIsFetched() {
    ProgramRun run = ProgramRun.of("--offline", "-c", "model hf:zlens-tests/no-such-model");

    assertThat(run.exitCode()).isEqualTo(66);
    assertThat(run.err())
        .contains("'hf:zlens-tests/no-such-model' is not in the cache")
        .contains("--offline");
  }

  @Test
  void whatNeedsNoNetworkWorks() {
    assertThat(ProgramRun.of("--offline", "-c", "1 + 1").exitCode()).isZero();
  }
}
