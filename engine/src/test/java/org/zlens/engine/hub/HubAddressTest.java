package org.zlens.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.ZlensException;

class HubAddressTest {
  @ParameterizedTest
  @CsvSource({
    "hf:gpt2, gpt2, main, ''",
    "hf:owner/name, owner/name, main, ''",
    "hf://owner/name/, owner/name, main, ''",
    "hf:owner/name@v1.0, owner/name, v1.0, ''",
    "hf:owner/name/a/b.pt, owner/name, main, a/b.pt",
    "hf:owner/name@v1/a/b.pt, owner/name, v1, a/b.pt",
    "hf:owner/name@refs/pr/7, owner/name, refs/pr/7, ''",
    "hf:owner/name@refs/pr/7/a, owner/name, refs/pr/7, a",
    "hf:owner/name@feature%2Fx/a, owner/name, feature/x, a",
  })
  void namesRepositoryRevisionAndPath(String text, String name, String revision, String path) {
    HubAddress address = HubAddress.parse(text);

    assertThat(address).isEqualTo(new HubAddress(new Repository(name), revision, path));
    assertThat(HubAddress.parse(address.text())).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf:",
        "hf:/",
        "hf:@main",
        "hf:owner/name@",
        "hf:owner/name@../x",
        "hf:owner/name@..%2F..",
        "hf:owner/name@a%2F%2Fb",
        "hf:owner/name@%zz",
        "hf:owner/name/../x",
        "hf:owner/name//x",
        "hf:owner/na?me",
        "hf:owner/name@a b",
      })
  void refusesWhatCannotBe(String text) {
    assertThatThrownBy(() -> HubAddress.parse(text)).isInstanceOf(ZlensException.class);
  }

  @Test
  void aCommitIsTheSameForEver() {
    assertThat(HubAddress.isCommit("607a30d783dfa663caf39e06633721c8d4cfcd7e")).isTrue();
    assertThat(HubAddress.isCommit("main")).isFalse();
    assertThat(HubAddress.isCommit("607a30d")).isFalse();
  }
}
