package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The largest page of the embedded model's dashboards, ten features of a head: its size, and the
 * time from opening it in Chromium until it answers.
 */
final class PageSpeed implements Benchmark {
  private static final double LARGEST_KILOBYTES = 500;
  private static final double LONGEST_MILLISECONDS = 1000;
  private static final Pattern READY = Pattern.compile("data-ready=\"(\\d+)\"");

  @Override
  public String name() {
    return "page";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    return measureAll().get(0);
  }

  @Override
  public List<Measurement> measureAll() throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.open()) {
      Path pages = folder.resolve("pages");
      Launch.of(
          Launch.launcher(),
          "-c",
          "model sprig; dashboard all heads to \"" + pages + "\" on sprig");
      Path largest = largest(pages);
      double[] ready = new double[RUNS];
      double[] empty = new double[RUNS];
      Path nothing = folder.resolve("nothing.html");
      Files.writeString(
          nothing,
          "<!doctype html><script>document.write('<p data-ready=\"'"
              + " + Math.round(performance.now()) + '\">')</script>");
      for (int i = 0; i < RUNS; i++) {
        ready[i] = ready(largest, folder.path());
        empty[i] = ready(nothing, folder.path());
      }
      double size = Files.size(largest) / 1000.0;
      return List.of(
          new Measurement(
              name(),
              Median.of(ready),
              "ms",
              Median.of(empty),
              LONGEST_MILLISECONDS,
              "time from opening the largest page of all heads until it answers; an empty page"),
          new Measurement(
              "page-size",
              size,
              "kB",
              Files.size(nothing) / 1000.0,
              LARGEST_KILOBYTES,
              "size of that page; of the empty one"));
    }
  }

  private static Path largest(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("L.*\\.html"))
          .max((a, b) -> Long.compare(size(a), size(b)))
          .orElseThrow();
    }
  }

  private static long size(Path file) {
    return file.toFile().length();
  }

  /** Milliseconds by the browser's own clock, from the start of the navigation. */
  private static double ready(Path file, Path folder) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + folder.resolve("profile"),
                "--dump-dom",
                file.toUri().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    String page = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher matcher = READY.matcher(page);
    if (process.waitFor() != 0 || !matcher.find()) {
      throw new IllegalStateException("chromium does not open " + file);
    }
    return Double.parseDouble(matcher.group(1));
  }
}
