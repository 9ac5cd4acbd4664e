package org.zlens.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;

class HubRegistryTest {
  @Test
  void everyNameMeansOneThing() {
    Set<String> names = new HashSet<>();
    for (KnownModel model : HubRegistry.models()) {
      assertThat(names.add(model.name())).as(model.name()).isTrue();
      model.aliases().forEach(alias -> assertThat(names.add(alias)).as(alias).isTrue());
      assertThat(model.repositories()).isNotEmpty();
      assertThat(model.about()).isNotBlank();
    }
    for (KnownSaes release : HubRegistry.saes()) {
      assertThat(names.add(release.name())).as(release.name()).isTrue();
      release.aliases().forEach(alias -> assertThat(names.add(alias)).as(alias).isTrue());
    }
  }

  @Test
  void everyReleaseIsOfAKnownModelAndHasOneSaeOfASite() {
    for (KnownSaes release : HubRegistry.saes()) {
      assertThat(HubRegistry.model(release.model())).as(release.name()).isPresent();
      assertThat(release.saes()).isNotEmpty().allMatch(sae -> sae.features() >= 1024);
      assertThat(release.saes()).extracting(KnownSae::at).doesNotHaveDuplicates();
      assertThat(release.repository() == null).isEqualTo(release.elsewhere() != null);
      if (release.repository() != null) {
        assertThat(release.saes()).allMatch(sae -> HubFile.isSafe(sae.path()));
      }
    }
  }

  @Test
  void theTwelveFilesOfThePaper() {
    KnownSaes paper = HubRegistry.saes("gpt2-small-hook-z-kk").orElseThrow();

    assertThat(paper.repository().name()).isEqualTo("ckkissane/attn-saes-gpt2-small-all-layers");
    assertThat(paper.saes())
        .extracting(KnownSae::at)
        .containsExactlyElementsOf(
            IntStream.range(0, 12).mapToObj(layer -> Location.of(Site.Z, layer)).toList());
    assertThat(paper.saes()).extracting(KnownSae::features).filteredOn(n -> n == 49152).hasSize(2);
    assertThat(paper.at(Location.of(Site.Z, 5)).orElseThrow().path())
        .isEqualTo(
            "gpt2-small_L5_Hcat_z_lr1.20e-03_l11.00e+00_ds49152_bs4096_dc1.00e-06_rsanthropic"
                + "_rie25000_nr4_v9.pt");
    assertThat(paper.saes())
        .allMatch(sae -> sae.path().contains("_L" + sae.at().layer() + "_Hcat_z_"))
        .allMatch(sae -> sae.path().contains("_ds" + sae.features() + "_"));
  }

  /** Sparsity, step of the dead-feature loss, and version, from the table of the releases. */
  @ParameterizedTest
  @CsvSource({
    "0, 1.80e+00, 1.00e-06, 9",
    "1, 8.00e-01, 1.00e-06, 5",
    "2, 1.00e+00, 1.00e-06, 4",
    "3, 9.00e-01, 1.00e-06, 9",
    "4, 1.10e+00, 1.00e-06, 7",
    "5, 1.00e+00, 1.00e-06, 9",
    "6, 1.10e+00, 1.00e-06, 9",
    "7, 1.10e+00, 1.00e-06, 9",
    "8, 1.30e+00, 1.00e-05, 6",
    "9, 1.20e+00, 1.00e-06, 9",
    "10, 1.30e+00, 1.00e-05, 9",
    "11, 3.00e+00, 3.16e-06, 9"
  })
  void eachFileOfThePaperHasItsName(int layer, String sparsity, String dead, int version) {
    KnownSaes paper = HubRegistry.saes("gpt2-small-hook-z-kk").orElseThrow();
    int features = layer == 5 || layer == 7 ? 49152 : 24576;

    assertThat(paper.at(Location.of(Site.Z, layer)).orElseThrow().path())
        .isEqualTo(
            "gpt2-small_L%d_Hcat_z_lr1.20e-03_l1%s_ds%d_bs4096_dc%s_rsanthropic_rie25000_nr4_v%d.pt",
            layer, sparsity, features, dead, version);
  }

  @Test
  void theOtherReleasesThatStudiesNeed() {
    KnownSaes residual = HubRegistry.saes("gpt2-small-res-jb").orElseThrow();
    assertThat(residual.saes()).hasSize(13);
    assertThat(residual.at(Location.of(Site.RESID_POST, 11))).isPresent();
    assertThat(HubRegistry.saes("gpt2-small-res-jb-original").orElseThrow().saes()).hasSize(12);
    KnownSaes toy = HubRegistry.saes("gelu-2l-hook-z-kk").orElseThrow();
    assertThat(toy.at(Location.of(Site.Z, 1)).orElseThrow().features()).isEqualTo(16384);
    KnownSaes gemma = HubRegistry.saes("gemma-2b-hook-z-jb").orElseThrow();
    assertThat(gemma.at(Location.of(Site.Z, 6)).orElseThrow().features()).isEqualTo(16384);
    KnownSaes scope = HubRegistry.saes("gemma-scope-2b-pt-att").orElseThrow();
    assertThat(scope.saes()).hasSize(26).allMatch(sae -> sae.at().site() == Site.Z);
    assertThat(HubRegistry.saes("gemma-scope-2b-pt-res").orElseThrow().saes()).hasSize(26);
  }

  @Test
  void namesOfOneModelAreOne() {
    for (String name :
        List.of("gpt2", "gpt2-small", "GPT2", "openai-community/gpt2", "hf:gpt2@main")) {
      assertThat(HubRegistry.identity(name)).as(name).isEqualTo("gpt2-small");
    }
    assertThat(HubRegistry.identity("google/gemma-2b")).isEqualTo("gemma-2b");
    assertThat(HubRegistry.identity("google/gemma-2b-it")).isEqualTo("gemma-2b-it");
    assertThat(HubRegistry.identity("distilgpt2")).isNotEqualTo("gpt2-small");
    assertThat(HubRegistry.identity("hf:owner/Some-Model@v1")).isEqualTo("some-model");
    assertThat(HubRegistry.identity("some-model")).isEqualTo("some-model");
  }

  @Test
  void modelsAreFoundByEveryNameTheyHave() {
    for (String name : List.of("gpt2", "gpt2-small", "openai-community/gpt2")) {
      assertThat(HubRegistry.model(name)).map(KnownModel::name).hasValue("gpt2-small");
    }
    assertThat(HubRegistry.model("sprig")).isEmpty();
    assertThat(HubModels.knows("hf:any/thing")).isTrue();
    assertThat(HubModels.knows("any/thing")).isFalse();
  }

  @Test
  void theFilesOfAModelAreChosen() {
    Set<String> names =
        Set.of(
            "config.json",
            "tokenizer.json",
            "model.safetensors.index.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "pytorch_model.bin",
            "onnx/model.onnx");
    assertThat(new ModelFiles().of(names).files())
        .containsExactlyInAnyOrder(
            "config.json",
            "tokenizer.json",
            "model.safetensors.index.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors");
    Set<String> cut = new HashSet<>(names);
    cut.remove("model-00002-of-00002.safetensors");
    assertThat(new ModelFiles().of(cut).missing())
        .containsExactly("all parts that model.safetensors.index.json leads to");
    assertThat(
            new ModelFiles().of(Set.of("config.json", "model_final.pth", "x/y_final.pth")).files())
        .containsExactly("config.json", "model_final.pth");
    Set<String> torch =
        Set.of(
            "config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "pytorch_model.bin.index.json",
            "pytorch_model-00001-of-00001.bin");
    assertThat(new ModelFiles().of(torch).files()).containsExactlyInAnyOrderElementsOf(torch);
  }

  @Test
  void theFilesOfSaesAreChosen() {
    Set<String> names =
        Set.of(
            "a/cfg.json",
            "a/sae_weights.safetensors",
            "a/sparsity.safetensors",
            "a/trainer_state.pt",
            "b/params.npz",
            "c.pt",
            "c_cfg.json",
            "README.md");
    assertThat(new SaeFiles(List.of("a")).of(names).files())
        .containsExactly("a/sae_weights.safetensors", "a/cfg.json", "a/sparsity.safetensors");
    assertThat(new SaeFiles(List.of("c.pt")).of(names).files())
        .containsExactly("c.pt", "c_cfg.json");
    assertThat(SaeFiles.at("", names)).containsExactly("a", "b", "c.pt");
    assertThat(new SaeFiles(List.of("")).of(names).open()).isTrue();
    assertThat(new SaeFiles(List.of("d")).of(names).missing()).containsExactly("SAE at 'd'");
  }
}
