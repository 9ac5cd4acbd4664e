package org.zlens.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
  @TempDir Path home;

  private HubSettings of(Map<String, String> environment) {
    return HubSettings.of(environment::get, home);
  }

  @Test
  void withoutVariablesAllIsWhereItUsuallyIs() {
    HubSettings settings = of(Map.of());

    assertThat(settings.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
    assertThat(settings.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(settings.token()).isNull();
    assertThat(settings.offline()).isFalse();
  }

  @Test
  void theNearestVariableNamesTheCache() {
    assertThat(of(Map.of("XDG_CACHE_HOME", "/x")).cache()).isEqualTo(Path.of("/x/huggingface/hub"));
    assertThat(of(Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "/h")).cache())
        .isEqualTo(Path.of("/h/hub"));
    assertThat(of(Map.of("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/o")).cache())
        .isEqualTo(Path.of("/o"));
    assertThat(of(Map.of("HUGGINGFACE_HUB_CACHE", "/o", "HF_HUB_CACHE", "/c")).cache())
        .isEqualTo(Path.of("/c"));
    assertThat(of(Map.of("HF_HOME", "~/hf")).cache()).isEqualTo(home.resolve("hf/hub"));
    assertThat(of(Map.of("HF_HOME", " ")).cache())
        .isEqualTo(home.resolve(".cache/huggingface/hub"));
  }

  @Test
  void theTokenComesFromTheEnvironmentOrItsFile() throws IOException {
    Path file = home.resolve(".cache/huggingface/token");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "hf_file\n");
    Path other = Files.writeString(home.resolve("other"), "hf_other");

    assertThat(of(Map.of()).token()).isEqualTo("hf_file");
    assertThat(of(Map.of("HF_TOKEN", "hf_said")).token()).isEqualTo("hf_said");
    assertThat(of(Map.of("HUGGING_FACE_HUB_TOKEN", "hf_old")).token()).isEqualTo("hf_old");
    assertThat(of(Map.of("HF_TOKEN_PATH", other.toString())).token()).isEqualTo("hf_other");
    assertThat(of(Map.of("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).token()).isNull();
    assertThat(of(Map.of("HF_HOME", "/nowhere")).token()).isNull();
  }

  @Test
  void aTokenThatCannotBeIsNotRepeated() {
    assertThatThrownBy(() -> of(Map.of("HF_TOKEN", "a\nHost: evil")))
        .hasMessageContaining("characters that no token has")
        .hasMessageNotContaining("evil");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "ON", "yes", "True"})
  void offlineIsSaidInSeveralWays(String word) {
    assertThat(of(Map.of("HF_HUB_OFFLINE", word)).offline()).isTrue();
    assertThat(of(Map.of("TRANSFORMERS_OFFLINE", word)).offline()).isTrue();
    assertThat(of(Map.of("HF_HUB_OFFLINE", "0")).offline()).isFalse();
  }

  @Test
  void anotherServerMayBeNamed() {
    assertThat(of(Map.of("HF_ENDPOINT", "https://hub.example.org/mirror/")).endpoint())
        .isEqualTo(URI.create("https://hub.example.org/mirror"));
    for (String wrong :
        new String[] {"hub", "ftp://x", "https://", "http://u:p@h", "https://a b"}) {
      assertThatThrownBy(() -> of(Map.of("HF_ENDPOINT", wrong)))
          .hasMessageStartingWith("HF_ENDPOINT is no address of a server: ");
    }
  }
}
