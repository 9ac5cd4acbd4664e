package org.zlens.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * What configurations of Hugging Face's library mean: what is missing stands for what the library
 * takes it for, and what would make another model of the same weights is refused.
 */
class FamilyConfigTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private static Path family(String name) throws Exception {
    return Path.of(FamilyConfigTest.class.getResource("families/" + name).toURI());
  }

  /** The configuration of a family with settings changed: {@code key=json}, or {@code -key}. */
  private ModelConfig config(String family, String... changes) throws Exception {
    ObjectNode json = (ObjectNode) JSON.readTree(family(family).resolve("config.json").toFile());
    for (String change : changes) {
      int equals = change.indexOf('=');
      if (equals < 0) {
        json.remove(change.substring(1));
      } else {
        json.set(change.substring(0, equals), JSON.readTree(change.substring(equals + 1)));
      }
    }
    Files.writeString(folder.resolve("config.json"), json.toString());
    return ModelLoader.config(folder.toString(), folder, Set.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "llama3 | rope_parameters={\"rope_type\":\"yarn\",\"factor\":2,\"beta_fast\":32}"
            + " | 'rope_parameters.rope_type' is 'yarn', which is not known",
        "llama3 | rope_parameters={\"rope_type\":\"dynamic\",\"factor\":2} | is 'dynamic'",
        "llama3 | rope_parameters={\"rope_type\":\"longrope\",\"factor\":2} | is 'longrope'",
        "llama3 | rope_parameters={\"rope_type\":\"linear\"} | no setting 'rope_parameters.factor'",
        "llama3 | rope_parameters={\"rope_type\":\"llama3\",\"factor\":8}"
            + " | no setting 'rope_parameters.low_freq_factor'",
        "gemma2 | rope_parameters={\"full_attention\":{\"rope_theta\":1000000}}"
            + " | unknown setting 'rope_parameters.full_attention'",
        "qwen2 | rope_parameters={\"rope_type\":\"default\",\"mrope_section\":[1,1,2]}"
            + " | unknown setting 'rope_parameters.mrope_section'",
        "llama3 | rope_parameters={\"rope_type\":\"default\",\"partial_rotary_factor\":0.5}"
            + " | 'partial_rotary_factor' is 0.5, but in this family all of a head turns",
        "mistral | partial_rotary_factor=0.5 | 'partial_rotary_factor' is 0.5",
        "llama3 | rope_scaling={\"rope_type\":\"linear\",\"factor\":2}"
            + " | 'rope_scaling' says something else than 'rope_parameters'",
        "llama3 | sliding_window=4 | 'sliding_window' is stated, but models of type 'llama'",
        "llama3 | quantization_config={\"quant_method\":\"gptq\"}"
            + " | 'quantization_config' says that its weights are quantised",
        "llama3 | is_causal=false | 'is_causal' is false",
        "gemma2 | use_bidirectional_attention=true | 'use_bidirectional_attention' is true",
        "gemma2 | use_bidirectional_attention=\"all\" | 'use_bidirectional_attention' is all",
        "gemma2 | tie_word_embeddings=false | 'tie_word_embeddings' is false, but Gemma's",
        "mistral | num_local_experts=8 | 'num_local_experts' is stated, but mixtures of experts",
        "llama3 | model_type=\"qwen3\" | 'model_type' is 'qwen3', which is not known",
        "gemma2 | model_type=\"gemma3_text\" | 'model_type' is 'gemma3_text', which is not known",
        "mistral | model_type=\"mixtral\" | 'model_type' is 'mixtral', which is not known",
        "llama3 | -model_type | has no setting 'model_type'",
        "neox | hidden_act=\"gelu_fast\" | 'hidden_act' is 'gelu_fast', which is not known"
      })
  void whatWouldMakeAnotherModelIsRefused(String family, String change, String words) {
    assertThatThrownBy(() -> config(family, change))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining(words)
        .extracting(e -> ((ZlensException) e).kind())
        .isEqualTo(Kind.DATA);
  }

  @Test
  void whatIsMissingStandsForWhatThePublishedModelsHave() throws Exception {
    Architecture gemma =
        config(
                "gemma2",
                "-attn_logit_softcapping",
                "-final_logit_softcapping",
                "-query_pre_attn_scalar",
                "-sliding_window")
            .architecture();
    assertThat(gemma.attention().softCap()).isEqualTo(50);
    assertThat(gemma.logitCap()).isEqualTo(30);
    assertThat(gemma.attention().scale()).isEqualTo(1 / 16.0);
    assertThat(gemma.attention().reaches()).containsExactly(4096, 0, 4096);
    assertThat(reaches(config("mistral", "-sliding_window"))).isEqualTo("[4096, 4096]");
    String[] windowed = {"use_sliding_window=true", "sliding_window=4", "layer_types=null"};
    assertThat(reaches(config("qwen2", windowed))).isEqualTo("[0, 0]");
    String[] early = {windowed[0], windowed[1], windowed[2], "max_window_layers=1"};
    assertThat(reaches(config("qwen2", early))).isEqualTo("[0, 4]");
  }

  /** Whoever makes lists of all sites of a model must not run out of memory for a number. */
  @Test
  void noModelHasLayersWithoutEnd() throws Exception {
    String gpt2 =
        "{\"n_embd\": 8, \"n_head\": 2, \"n_positions\": 8, \"vocab_size\": 9, \"n_layer\": ";
    Files.writeString(folder.resolve("config.json"), gpt2 + "16000000}");
    assertThatThrownBy(() -> ModelLoader.config(folder.toString(), folder, Set.of()))
        .hasMessageContaining("expected a whole number from 1 to 1024");
    assertThatThrownBy(() -> config("llama3", "num_hidden_layers=16000000"))
        .hasMessageContaining("expected a whole number from 1 to 1024");
    assertThatThrownBy(() -> config("neox", "num_hidden_layers=16000000"))
        .hasMessageContaining("expected a whole number from 1 to 1024");
  }

  @Test
  void nullStandsForNone() throws Exception {
    Architecture gemma =
        config(
                "gemma2",
                "attn_logit_softcapping=null",
                "final_logit_softcapping=null",
                "sliding_window=null",
                "layer_types=null")
            .architecture();
    assertThat(gemma.attention().softCap()).isZero();
    assertThat(gemma.logitCap()).isZero();
    assertThat(gemma.attention().reaches()).isEmpty();
    assertThat(reaches(config("mistral", "sliding_window=null"))).isEqualTo("[]");
    assertThat(reaches(config("llama3", "sliding_window=null"))).isEqualTo("[]");
  }

  private static String reaches(ModelConfig config) {
    return config.architecture().attention().reaches().toString();
  }

  /** Newer files keep turns in a section of their own, and some state the base beside it. */
  @Test
  void turnsAreReadFromFilesOfEveryAge() throws Exception {
    PositionScheme.Rotary plain = new PositionScheme.Rotary(500, 8);
    String[] before = {"-rope_parameters", "rope_theta=500"};
    assertThat(rotary(config("llama3", before))).isEqualTo(plain);
    String[] beside = {"rope_parameters={\"rope_type\":\"default\"}", "rope_theta=500"};
    assertThat(rotary(config("llama3", beside))).isEqualTo(plain);
    String[] inside = {"rope_parameters={\"rope_theta\":500}"};
    assertThat(rotary(config("llama3", inside))).isEqualTo(plain);
    PositionScheme.Rotary half = new PositionScheme.Rotary(500, 8, new RotaryStretch.Linear(2));
    String[] stretched = {
      "-rope_parameters", "rope_theta=500", "rope_scaling={\"type\":\"linear\",\"factor\":2}"
    };
    assertThat(rotary(config("llama3", stretched))).isEqualTo(half);
    String[] part = {"rope_parameters={\"rope_theta\":500}", "rotary_pct=0.5"};
    assertThat(rotary(config("neox", part))).isEqualTo(new PositionScheme.Rotary(500, 4));
  }

  private static PositionScheme.Rotary rotary(ModelConfig config) {
    return (PositionScheme.Rotary) config.architecture().positions();
  }

  /** The last step of how a family is added: nothing is known that was compared with nobody. */
  @Test
  void everyFamilyWasComparedWithItsReference() throws Exception {
    Set<String> compared = new TreeSet<>(Set.of("toy"));
    List<Path> folders = new ArrayList<>();
    for (String tiny : List.of("gpt2-tiny/hf", "gemma-tiny/hf", "llama-tiny/hf")) {
      folders.add(Fixtures.path(tiny));
    }
    try (Stream<Path> families = Files.list(family("neox").getParent())) {
      families.filter(one -> Files.exists(one.resolve("golden.safetensors"))).forEach(folders::add);
    }
    for (Path one : folders) {
      compared.add(JSON.readTree(one.resolve("config.json").toFile()).path("model_type").asText());
    }
    assertThatThrownBy(() -> config("llama3", "model_type=\"none\""))
        .extracting(e -> ((ZlensException) e).hint())
        .isEqualTo("expected one of " + String.join(", ", compared));
  }

  @Test
  void anUnembeddingThatIsSaidToBeThereMustBe() throws Exception {
    config("llama3", "tie_word_embeddings=false");
    Files.copy(family("llama3").resolve("model.safetensors"), folder.resolve("model.safetensors"));
    assertThatThrownBy(() -> ModelLoader.load(folder.toString(), Set.of()))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("'tie_word_embeddings' is false, but there is no tensor")
        .hasMessageContaining("'lm_head.weight'");
  }
}
