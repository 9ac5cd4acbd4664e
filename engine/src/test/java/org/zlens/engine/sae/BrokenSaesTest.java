package org.zlens.engine.sae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.JsonFile;

/** Every broken SAE is refused for its own reason: folders, and pickles beside sound settings. */
class BrokenSaesTest {
  private static final String HOOK = "blocks.0.hook_resid_pre";

  private static final Map<String, String> CAUSES =
      Map.ofEntries(
          Map.entry("missing_b_dec.pt", "no tensor 'b_dec'"),
          Map.entry("wrong_orientation.pt", "'W_dec' has the shape [4, 6], expected [6, 4]"),
          Map.entry("unknown_extra_tensor.pt", "unknown tensor 'W_skip'"),
          Map.entry("nan_weights.pt", "'b_enc' holds 1 value that is not finite"),
          Map.entry("inf_weights.pt", "'W_dec' holds 1 value that is not finite"),
          Map.entry("wrong-shape-dec", "'W_dec' has the shape [4, 6], expected [6, 4]"),
          Map.entry("wrong-shape-b-enc", "'b_enc' has the shape [5], expected [6]"),
          Map.entry("cfg-disagrees", "expected [4, 12]"),
          Map.entry("nan-weights", "'b_enc' holds 1 value that is not finite"),
          Map.entry("inf-weights", "'W_dec' holds 1 value that is not finite"),
          Map.entry("missing-tensor", "no tensor 'b_dec'"),
          Map.entry("extra-tensor", "unknown tensor 'W_skip'"),
          Map.entry("no-weights", "sae_weights.safetensors': no such file"),
          Map.entry("cfg-missing-d-in", "no setting 'd_in'"),
          Map.entry("cfg-missing-architecture-v6", "no setting 'architecture'"),
          Map.entry("cfg-missing-hook", "does not say which site"),
          Map.entry("cfg-not-json", "not valid JSON"),
          Map.entry("cfg-json-nan", "not valid JSON"),
          Map.entry("cfg-unknown-key", "unknown setting 'divide_by_three'"),
          Map.entry("unknown-architecture", "'architecture' is 'crosscoder9'"),
          Map.entry("unknown-activation", "'activation_fn_str' is 'swish'"),
          Map.entry("unknown-normalisation", "'normalize_activations' is 'zscore'"),
          Map.entry("unknown-dtype", "'dtype' is 'float12'"),
          Map.entry("topk-without-k", "no setting 'k'"),
          Map.entry("jumprelu-without-threshold", "no tensor 'threshold'"),
          Map.entry("scaling-without-flag", "'scaling_factor' is not all ones"),
          Map.entry("flag-without-scaling", "no tensor 'scaling_factor'"),
          Map.entry("expected-average-without-factor", "expected_average_only_in"),
          Map.entry("normalize-true-v3-without-factor", "expected_average_only_in"));

  @TempDir Path folder;

  @TestFactory
  List<DynamicTest> everyBrokenFolder() {
    Path root = Fixtures.path("saes/broken/expected.json").getParent();
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode entry : JsonFile.read(root.resolve("expected.json")).get("files")) {
      if (entry.get("kind").textValue().equals("saelens")) {
        String path = entry.get("path").textValue();
        String expect = entry.get("expect").textValue();
        tests.add(DynamicTest.dynamicTest(path, () -> check(root.resolve(path), expect)));
      }
    }
    assertThat(tests).hasSizeGreaterThan(20);
    return tests;
  }

  /** A pickle that holds no healthy SAE stays refused with sound settings beside it. */
  @TestFactory
  List<DynamicTest> everyBrokenPickle() {
    Path root = Fixtures.path("saes/broken/expected.json").getParent();
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode entry : JsonFile.read(root.resolve("expected.json")).get("files")) {
      if (entry.get("kind").textValue().equals("torch")) {
        Path path = root.resolve(entry.get("path").textValue());
        String expect = entry.get("expect").textValue();
        tests.add(
            DynamicTest.dynamicTest(path.getFileName().toString(), () -> pickle(path, expect)));
      }
    }
    assertThat(tests).hasSizeGreaterThan(50);
    return tests;
  }

  @Test
  void suggestsTheSettingThatWasMeant() throws IOException {
    Path settings = folder.resolve("cfg.json");
    Files.writeString(settings, "{\"architecture\": \"standard\", \"d_inn\": 4}");
    Throwable thrown = catchThrowable(() -> SaeReader.read(folder));
    assertThat(thrown).hasMessageContaining("unknown setting 'd_inn'");
    assertThat(((ZlensException) thrown).hint()).isEqualTo("did you mean 'd_in'?");
  }

  private void pickle(Path original, String expect) throws IOException {
    Path path = Files.copy(original, folder.resolve(original.getFileName()));
    String stem = path.getFileName().toString().replace(".pt", "");
    Files.writeString(
        folder.resolve(stem + "_cfg.json"),
        "{\"act_name\": \"" + HOOK + "\", \"layer\": 0, \"act_size\": 4, \"dict_size\": 6}");
    check(path, expect);
    try (var files = Files.list(folder)) {
      assertThat(files).noneMatch(file -> file.endsWith("PICKLE_WAS_EXECUTED"));
    }
  }

  private static void check(Path path, String expect) {
    Throwable thrown = catchThrowable(() -> SaeReader.read(path));
    String name = path.getFileName().toString();
    if (expect.equals("load") || expect.equals("refuse-when-attached")) {
      assertThat(thrown).isNull();
    } else if (thrown != null) {
      assertThat(thrown).isInstanceOf(ZlensException.class);
      assertThat(((ZlensException) thrown).kind()).isEqualTo(Kind.DATA);
      assertThat(thrown.getMessage()).startsWith("'" + path);
      if (CAUSES.containsKey(name) || !name.endsWith(".pt")) {
        assertThat(thrown).hasMessageContaining(CAUSES.getOrDefault(name, "an expected cause"));
      }
    } else {
      assertThat(expect).as("'%s' was read", path).startsWith("load");
    }
    assertThat(Path.of("PICKLE_WAS_EXECUTED")).doesNotExist();
  }
}
