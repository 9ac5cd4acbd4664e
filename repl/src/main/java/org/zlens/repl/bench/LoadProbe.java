package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** A process that loads one model and prints its peak resident memory and the weights' bytes. */
final class LoadProbe {
  private LoadProbe() {}

  /**
   * Bytes.
   *
   * @param peak most resident memory while loading, above what was resident before
   * @param weights of the model as it is held
   */
  record Memory(double peak, double weights) {}

  /** Loads a model in a process of its own. */
  static Memory launch(Path folder) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Launch.java(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                LoadProbe.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("the model could not be loaded");
    }
    String[] numbers = output.split(" ");
    return new Memory(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
  }

  public static void main(String[] arguments) throws IOException {
    try (Scope scope = Scope.open()) {
      Tensor.zeros(8).add(1);
    }
    System.gc();
    ResidentMemory.forgetPeak();
    long before = ResidentMemory.now();
    try (LanguageModel model = ModelLoader.load(arguments[0], Set.of(WeightStep.values()))) {
      long weights = 0;
      // This reads them all.
      for (Tensor tensor : model.transformer().weights().tensors()) {
        weights += tensor.byteCount();
      }
      long peak = ResidentMemory.peak() - before;
      System.out.println(peak + " " + weights);
    }
  }
}
