package org.zlens.repl.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.zlens.engine.sae.LoadedSae;
import org.zlens.engine.sae.SaeLoader;

/**
 * A process that opens the SAEs of a folder, and prints the seconds since it began and the most
 * bytes that were resident.
 */
final class SaeOpenProbe {
  private SaeOpenProbe() {}

  public static void main(String[] arguments) throws IOException {
    List<LoadedSae> all = SaeLoader.loadAll(Path.of(arguments[0]), null);
    double began = ManagementFactory.getRuntimeMXBean().getStartTime();
    double seconds = (System.currentTimeMillis() - began) / 1000;
    if (all.stream().anyMatch(one -> one.sae().isLoaded())) {
      throw new IllegalStateException("weights were read although nothing needed them");
    }
    System.out.println(seconds + " " + ResidentMemory.peak());
    all.forEach(one -> one.sae().close());
  }
}
