package org.zlens.engine.sae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.Fixtures;
import org.zlens.engine.io.ElementType;
import org.zlens.engine.io.JsonFile;
import org.zlens.engine.io.TensorFile;

class SaeFormatsTest {
  private static final double TOLERANCE = 1e-4;

  /** Formats whose files do not say where the SAE belongs. */
  private static final Set<String> WITHOUT_HOOK = Set.of("dictionary_learning", "gemma-scope-npz");

  @TempDir Path folder;

  @TestFactory
  List<DynamicTest> everyReadableSaeGivesItsGolden() {
    Path index = Fixtures.path("saes/index.json");
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode entry : JsonFile.read(index).get("saes")) {
      tests.add(DynamicTest.dynamicTest(entry.get("id").textValue(), () -> check(index, entry)));
    }
    assertThat(tests).hasSizeGreaterThan(25);
    return tests;
  }

  private static void check(Path index, JsonNode entry) {
    String hook = entry.get("hook").textValue();
    String format = entry.get("format").textValue();
    Path path = index.resolveSibling(entry.get("path").textValue());
    SaeWeights sae = SaeReader.read(path, WITHOUT_HOOK.contains(format) ? hook : null);
    assertThat(sae.config().source().format()).isEqualTo(format);
    assertThat(sae.config().source().sha256()).hasSize(64);
    assertThat(sae.config().hookName()).isEqualTo(hook);
    assertThat(sae.config().layer()).isEqualTo(SaeConfig.layerOf(hook));
    assertThat(sae.config().flattenHeads()).isEqualTo(hook.endsWith("hook_z"));
    assertThat(sae.wEnc()).hasSize(48 * 160);
    assertThat(sae.wDec()).hasSize(160 * 48);
    matchesGolden(sae, index.resolveSibling(entry.get("golden").textValue()));
  }

  /** Compares the first row of the golden's batch, 16 positions of 48 values. */
  private static void matchesGolden(SaeWeights sae, Path goldenPath) {
    Path inputs = Fixtures.path("gpt2-tiny/activations_processed.safetensors");
    try (TensorFile input = TensorFile.open(inputs);
        TensorFile golden = TensorFile.open(goldenPath)) {
      float[] x = input.floats(sae.config().hookName());
      float[] pre = golden.floats("pre");
      float[] acts = golden.floats("acts");
      float[] recon = golden.floats("recon");
      ReferenceSae reference = new ReferenceSae(sae);
      for (int position = 0; position < 16; position++) {
        ReferenceSae.Result result = reference.run(x, position * 48);
        close("pre", result.pre(), pre, position * 160);
        close("recon", result.reconstruction(), recon, position * 48);
        if (!goldenPath.endsWith("scaling.safetensors")) {
          close("acts", result.activations(), acts, position * 160);
        }
      }
    }
  }

  private static void close(String what, double[] actual, float[] expected, int from) {
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i])
          .as("%s[%d]", what, from + i)
          .isCloseTo(expected[from + i], within(TOLERANCE));
    }
  }

  @Test
  void keepsWhatTheFilesSay() {
    Path kissane =
        Fixtures.path(
            "saes/ckkissane/gpt2-tiny_L0_Hcat_z_lr1.20e-03_l18.00e-01_ds160_bs4096_dc1.00e-06_rsanthropic_rie25000_nr4_v9.pt");
    SaeConfig config = SaeReader.read(kissane).config();
    assertThat(config.basis()).isEqualTo(WeightBasis.PROCESSED);
    assertThat(config.contextSize()).isEqualTo(128);
    assertThat(config.source().notes()).containsEntry("l1_coeff", "0.8");
    Path modern = Fixtures.path("saes/saelens-v6/blocks.1.attn.hook_z");
    SaeWeights sae = SaeReader.read(modern);
    assertThat(sae.config().modelName()).isEqualTo("gpt2-tiny");
    assertThat(sae.config().prependBos()).isTrue();
    assertThat(sae.config().basis()).isEqualTo(WeightBasis.UNSTATED);
    assertThat(sae.logSparsity()).hasSize(160);
    assertThat(sae.encoder()).isInstanceOf(SaeEncoder.Relu.class);
  }

  @Test
  void writesFoldersThatReadTheSame() {
    for (String name :
        List.of(
            "topk-rescaled-v6",
            "jumprelu-v6",
            "gated-v6",
            "norm-layer-norm-v6",
            "saelens-v6/blocks.1.attn.hook_z",
            "residual-v6/blocks.0.hook_resid_pre")) {
      SaeWeights sae = SaeReader.read(Fixtures.path("saes/" + name));
      Path copy = folder.resolve(name);
      SaeLensWriter.write(copy, sae, ElementType.F32);
      SaeWeights again = SaeReader.read(copy);
      assertThat(again.wEnc()).isEqualTo(sae.wEnc());
      assertThat(again.wDec()).isEqualTo(sae.wDec());
      assertThat(again.bEnc()).isEqualTo(sae.bEnc());
      assertThat(again.bDec()).isEqualTo(sae.bDec());
      assertThat(again.logSparsity()).isEqualTo(sae.logSparsity());
      assertThat(again.encoder()).usingRecursiveComparison().isEqualTo(sae.encoder());
      assertThat(again.config())
          .usingRecursiveComparison()
          .ignoringFields("source")
          .isEqualTo(sae.config());
    }
  }

  @Test
  void writesHalfPrecision() {
    SaeWeights sae = SaeReader.read(Fixtures.path("saes/saelens-v6/blocks.1.attn.hook_z"));
    SaeLensWriter.write(folder.resolve("half"), sae, ElementType.F16);
    SaeWeights half = SaeReader.read(folder.resolve("half"));
    for (int i = 0; i < sae.wDec().length; i++) {
      float weight = sae.wDec()[i];
      assertThat(half.wDec()[i]).isCloseTo(weight, within(Math.abs(weight) / 2048 + 1e-7f));
    }
  }

  @Test
  void saysWhatItLookedFor() {
    assertThatThrownBy(() -> SaeReader.read(folder.resolve("none")))
        .hasMessageContaining("no such file or folder");
    assertThatThrownBy(() -> SaeReader.read(folder))
        .hasMessageContaining("not an SAE in a format that is read")
        .extracting("hint")
        .asString()
        .contains("cfg.json", "_cfg.json", "ae.pt", "params.npz");
  }

  @Test
  void asksForTheSiteWhereTheFileNamesNone() {
    Path path = Fixtures.path("saes/dictionary-learning");
    assertThatThrownBy(() -> SaeReader.read(path)).hasMessageContaining("does not say which site");
    assertThatThrownBy(() -> SaeReader.read(path, "blocks.2.attn.hook_z"))
        .hasMessageContaining("names the layer 1");
    Path modern = Fixtures.path("saes/saelens-v6/blocks.1.attn.hook_z");
    assertThatThrownBy(() -> SaeReader.read(modern, "blocks.0.attn.hook_z"))
        .hasMessageContaining("is an SAE of 'blocks.1.attn.hook_z'");
  }
}
