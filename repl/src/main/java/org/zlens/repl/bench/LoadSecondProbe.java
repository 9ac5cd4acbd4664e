package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.model.WeightCache;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * A process that loads the model of a folder through a cache, and prints the seconds from when
 * libtorch runs until every weight was made. It is started as {@code zlens run FILE} is, with one
 * more argument.
 */
final class LoadSecondProbe {
  private LoadSecondProbe() {}

  static double seconds(Path folder, Path cache) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(List.of(Launch.launcher(), "run", folder.toString(), cache.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("ZLENS_MAIN", LoadSecondProbe.class.getName());
    Process process = builder.start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("the model could not be loaded");
    }
    return Double.parseDouble(output);
  }

  public static void main(String[] arguments) {
    try (Scope scope = Scope.open()) {
      Tensor.zeros(8).add(1);
    }
    Path folder = Path.of(arguments[1]);
    WeightCache cache = new WeightCache(Path.of(arguments[2]), 1L << 32, 0);
    long start = System.nanoTime();
    try (LanguageModel model =
        ModelLoader.load("bench", folder, WeightStep.all(), cache, Progress.NONE)) {
      model.transformer().weights().tensors();
      System.out.println((System.nanoTime() - start) / 1e9);
    }
  }
}
