package org.zlens.engine.sae;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.fuzz.FuzzSeeds;
import org.zlens.engine.io.SafetensorsWriter;

/** Whatever a cfg.json says, its SAE is read or refused as bad data in the words of the file. */
class SaeSettingsFuzzTest implements FuzzSeeds {
  private static final int D_IN = 4;
  private static final int D_SAE = 6;

  @FuzzTest
  void anySettings(byte[] bytes) throws IOException {
    Path folder = Files.createTempDirectory("settings");
    Path settings = folder.resolve(SaeLensFormat.SETTINGS);
    Path weights = folder.resolve(SaeLensFormat.WEIGHTS);
    try {
      Files.write(settings, bytes);
      new SafetensorsWriter()
          .add("W_enc", new long[] {D_IN, D_SAE}, new float[D_IN * D_SAE])
          .add("W_dec", new long[] {D_SAE, D_IN}, new float[D_IN * D_SAE])
          .add("b_enc", new long[] {D_SAE}, new float[D_SAE])
          .add("b_dec", new long[] {D_IN}, new float[D_IN])
          .write(weights);
      SaeWeights read = SaeReader.read(folder);
      assertThat(read.wEnc()).hasSize(D_IN * D_SAE);
      assertThat(read.config().layer()).isBetween(0, 9999);
    } catch (ZlensException e) {
      assertThat(e.kind()).isEqualTo(Kind.DATA);
      assertThat(e).hasMessageContaining(folder.toString());
    } finally {
      Files.deleteIfExists(weights);
      Files.deleteIfExists(settings);
      Files.delete(folder);
    }
  }

  @Override
  public void write(Path folder) throws IOException {
    Path root = Fixtures.path("saes/index.json").getParent();
    try (Stream<Path> files = Files.walk(root)) {
      int count = 0;
      for (Path file : files.filter(f -> f.endsWith("cfg.json")).sorted().toList()) {
        String text = Files.readString(file);
        String small = text.replace("\"d_in\": 48", "\"d_in\": 4");
        Files.writeString(
            folder.resolve("cfg-" + count++), small.replace("\"d_sae\": 160", "\"d_sae\": 6"));
      }
    }
  }

  @Override
  public List<String> words() {
    return Stream.concat(
            Stream.concat(SaeLensKeys.modern().stream(), SaeLensKeys.older().stream()),
            Stream.of(
                "hook_name",
                "hook_name_out",
                "standard",
                "topk",
                "jumprelu",
                "gated",
                "relu",
                "layer_norm",
                "expected_average_only_in",
                "constant_norm_rescale",
                "hook_z",
                "blocks.1.attn.hook_z",
                "blocks.0.hook_resid_pre",
                "fold_ln",
                "float32",
                "null"))
        .distinct()
        .map(word -> '"' + word + "\": ")
        .toList();
  }
}
