package org.zlens.engine.sae;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.zlens.engine.io.FileDigest;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.io.TorchArchive;

/**
 * Folders of the dictionary_learning library: {@code ae.pt} and {@code config.json}. Only its class
 * AutoEncoder is read: ReLU, with one bias for subtraction and reconstruction. The site must be
 * given, for the file names it in words of its own.
 */
public final class DictionaryLearningFormat implements SaeFormat {
  private static final String WEIGHTS = "ae.pt";
  private static final String SETTINGS = "config.json";
  private static final Set<String> USED = Set.of("activation_dim", "dict_size", "lm_name");

  @Override
  public String description() {
    return "a folder with ae.pt and config.json (dictionary_learning)";
  }

  @Override
  public boolean matches(Path path) {
    return Files.isRegularFile(path.resolve(WEIGHTS))
        && Files.isRegularFile(path.resolve(SETTINGS));
  }

  @Override
  public SaeWeights open(Path path, String hookName) {
    JsonSettings settings = JsonSettings.read(path.resolve(SETTINGS));
    JsonSettings trainer = settings.section("trainer");
    String dictionary = trainer.text("dict_class");
    if (!dictionary.equals("AutoEncoder")) {
      throw trainer.unknownValue("dict_class", dictionary, Set.of("AutoEncoder"));
    }
    int dIn = trainer.whole("activation_dim", 1, 1 << 20);
    int dSae = trainer.whole("dict_size", 1, 1 << 26);
    Path weights = path.resolve(WEIGHTS);
    String hook = HookNames.agreed(path.resolve(SETTINGS), null, hookName);
    int layer = HookNames.layer(path.resolve(SETTINGS), hook, trainer.whole("layer", 0, 9999, -1));
    int context =
        settings.has("buffer") ? settings.section("buffer").whole("ctx_len", 1, 1 << 24, 0) : 0;
    try (TorchArchive file = TorchArchive.open(weights)) {
      SaeTensors tensors = new SaeTensors(file, "");
      SaeEncoder encoder = new SaeEncoder.Relu();
      SaeMatrix wEnc = tensors.transposedMatrix("encoder.weight", dSae, dIn);
      SaeMatrix wDec = tensors.transposedMatrix("decoder.weight", dIn, dSae);
      float[] bEnc = tensors.take("encoder.bias", dSae);
      float[] bDec = tensors.take("bias", dIn);
      tensors.refuseLeftOver(encoder.architecture());
      SaeConfig config =
          new SaeConfig(
              dIn,
              dSae,
              hook,
              layer,
              true,
              InputNormalization.NONE,
              hook.contains("hook_z"),
              trainer.text("lm_name", ""),
              true,
              context,
              WeightBasis.UNSTATED,
              new SaeSource(
                  "dictionary_learning", path, FileDigest.of(weights), trainer.others(USED)));
      return new SaeWeights(config, encoder, wEnc, wDec, bEnc, bDec, new float[0]);
    }
  }
}
