package org.zlens.engine.sae;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.io.FileDigest;
import org.zlens.engine.io.Npz;
import org.zlens.engine.io.TensorInfo;

/**
 * Gemma Scope's {@code params.npz}: a JumpReLU SAE that does not subtract b_dec from its input.
 *
 * <p>There is no configuration: widths are those of the arrays, the layer is in the path ({@code
 * layer_N}), and the site must be given unless the path names a repository that tells.
 */
public final class GemmaScopeFormat implements SaeFormat {
  private static final String WEIGHTS = "params.npz";
  private static final Pattern LAYER = Pattern.compile("layer_(\\d{1,4})");

  private static final Map<String, String> SITES =
      Map.of("-att", "attn.hook_z", "-res", "hook_resid_post", "-mlp", "hook_mlp_out");

  @Override
  public String description() {
    return "a file params.npz (Gemma Scope)";
  }

  @Override
  public boolean matches(Path path) {
    return path.endsWith(WEIGHTS) || Files.isRegularFile(path.resolve(WEIGHTS));
  }

  @Override
  public SaeWeights open(Path path, String hookName) {
    Path file = path.endsWith(WEIGHTS) ? path : path.resolve(WEIGHTS);
    int pathLayer = layer(file);
    String hook = HookNames.agreed(file, site(file, pathLayer), hookName);
    int layer = HookNames.layer(file, hook, pathLayer);
    try (Npz arrays = Npz.open(file)) {
      SaeTensors tensors = new SaeTensors(arrays, "");
      boolean upper = tensors.has("W_enc");
      String encoderName = upper ? "W_enc" : "w_enc";
      TensorInfo widths = tensors.info(encoderName);
      long[] shape = widths.shape();
      if (shape.length != 2 || widths.count() == 0 || widths.count() > Integer.MAX_VALUE - 8) {
        throw DataFault.in(file, "'" + encoderName + "' has the shape " + widths.shapeText());
      }
      int dIn = (int) shape[0];
      int dSae = (int) shape[1];
      SaeMatrix wEnc = tensors.matrix(encoderName, dIn, dSae);
      SaeMatrix wDec = tensors.matrix(upper ? "W_dec" : "w_dec", dSae, dIn);
      float[] bEnc = tensors.take("b_enc", dSae);
      float[] bDec = tensors.take("b_dec", dIn);
      SaeEncoder encoder = new SaeEncoder.JumpRelu(tensors.take("threshold", dSae));
      tensors.refuseLeftOver(encoder.architecture());
      SaeConfig config =
          new SaeConfig(
              dIn,
              dSae,
              hook,
              layer,
              false,
              InputNormalization.NONE,
              hook.contains("hook_z"),
              "",
              true,
              0,
              WeightBasis.UNSTATED,
              new SaeSource("gemma-scope-npz", path, FileDigest.of(file), Map.of()));
      return new SaeWeights(config, encoder, wEnc, wDec, bEnc, bDec, new float[0]);
    }
  }

  private static int layer(Path file) {
    for (Path part : file) {
      Matcher matcher = LAYER.matcher(part.toString());
      if (matcher.matches()) {
        return Integer.parseInt(matcher.group(1));
      }
    }
    return -1;
  }

  private static String site(Path file, int layer) {
    if (layer < 0) {
      return null;
    }
    for (Path part : file) {
      String name = part.toString().toLowerCase(Locale.ROOT);
      if (name.startsWith("gemma-scope-") && name.length() > 4) {
        String site = SITES.get(name.substring(name.length() - 4));
        if (site != null) {
          return "blocks." + layer + "." + site;
        }
      }
    }
    return null;
  }
}
