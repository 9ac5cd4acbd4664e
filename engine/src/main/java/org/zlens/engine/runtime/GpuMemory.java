package org.zlens.engine.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the driver says of a GPU.
 *
 * @param index which GPU
 * @param name of the model
 * @param total bytes of memory
 * @param used bytes in use, by whomever
 */
public record GpuMemory(int index, String name, long total, long used) {
  private static final List<String> COMMAND =
      List.of(
          "nvidia-smi",
          "--query-gpu=index,memory.total,memory.used,name",
          "--format=csv,noheader,nounits");

  private static final int PATIENCE_SECONDS = 10;
  private static final int LONGEST = 1 << 16;
  private static final long MEBIBYTE = 1 << 20;

  /** All GPUs that the driver knows; none where there is no driver. */
  public static List<GpuMemory> all() {
    try {
      Process process =
          new ProcessBuilder(COMMAND).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      byte[] output = process.getInputStream().readNBytes(LONGEST);
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroy();
        return List.of();
      }
      return parse(new String(output, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  /** Lines of index, total, used and name; lines of another form are left out. */
  static List<GpuMemory> parse(String text) {
    List<GpuMemory> all = new ArrayList<>();
    for (String line : text.split("\n")) {
      String[] cells = line.strip().split(" *, *", 4);
      if (cells.length == 4
          && cells[0].matches("[0-9]{1,3}")
          && cells[1].matches("[0-9]{1,9}")
          && cells[2].matches("[0-9]{1,9}")) {
        all.add(
            new GpuMemory(
                Integer.parseInt(cells[0]),
                cells[3],
                MEBIBYTE * Long.parseLong(cells[1]),
                MEBIBYTE * Long.parseLong(cells[2])));
      }
    }
    return all;
  }
}
