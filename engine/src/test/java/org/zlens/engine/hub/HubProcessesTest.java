package org.zlens.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.io.FileHash;

/** Several processes that want the same files at the same time. */
class HubProcessesTest {
  private static final String NAME = "owner/model";

  @TempDir Path cache;

  private static LoopbackHub hub(byte[] weights) throws IOException {
    return new LoopbackHub()
        .with(NAME, "config.json", "{}".getBytes(StandardCharsets.UTF_8))
        .with(NAME, "tokenizer.json", "[]".getBytes(StandardCharsets.UTF_8))
        .with(NAME, "model.safetensors", weights);
  }

  @Test
  void twoProcessesFetchEachFileOnce() throws Exception {
    byte[] weights = new byte[12_000_000];
    new Random(3).nextBytes(weights);
    CountDownLatch both = new CountDownLatch(2);
    try (LoopbackHub server = hub(weights)) {
      server.misbehave(
          (request, exchange) -> {
            if (request.path().startsWith("/api/")) {
              both.countDown();
            } else if (request.atStore()) {
              // The weights come when both processes have asked what there is.
              await(both);
            }
            return false;
          });
      List<Process> processes = new ArrayList<>();
      try {
        for (int i = 0; i < 2; i++) {
          processes.add(start(server));
        }
        for (Process process : processes) {
          String said =
              new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
          assertThat(process.waitFor()).isZero();
          assertThat(Path.of(said).resolve("model.safetensors")).hasBinaryContent(weights);
        }
      } finally {
        processes.forEach(Process::destroyForcibly);
      }

      assertThat(server.fileRequests())
          .filteredOn(LoopbackHub.Request::atStore)
          .extracting(LoopbackHub.Request::range)
          .containsExactlyInAnyOrder("bytes=0-8388607", "bytes=8388608-11999999");
    }
  }

  /** Nothing of a process that is killed without warning stands in the way of the next. */
  @Test
  void whatAKilledProcessHadIsTakenUp() throws Exception {
    byte[] weights = new byte[30_000_000];
    new Random(4).nextBytes(weights);
    CountDownLatch killed = new CountDownLatch(1);
    try (LoopbackHub server = hub(weights)) {
      server.misbehave(
          (request, exchange) -> {
            if (request.atStore() && !String.valueOf(request.range()).startsWith("bytes=0-")) {
              await(killed);
            }
            return false;
          });
      Process first = start(server);
      try {
        Path unfinished =
            cache
                .resolve("models--owner--model/blobs")
                .resolve(FileHash.sha256(weights) + BlobWriter.UNFINISHED);
        while (!Files.exists(unfinished) || Files.size(unfinished) < 8_388_608) {
          assertThat(first.isAlive()).isTrue();
          Thread.sleep(20);
        }
        first.destroyForcibly().waitFor();
      } finally {
        first.destroyForcibly();
        killed.countDown();
      }
      server.behave();
      int before = server.requests().size();
      Process second = start(server);
      try {
        String said =
            new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(second.waitFor()).isZero();
        assertThat(Path.of(said).resolve("model.safetensors")).hasBinaryContent(weights);
      } finally {
        second.destroyForcibly();
      }
      assertThat(server.requests().subList(before, server.requests().size()))
          .filteredOn(LoopbackHub.Request::atStore)
          .isNotEmpty()
          .noneMatch(request -> request.range().startsWith("bytes=0-"));
      try (var files = Files.walk(cache)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .noneMatch(name -> name.endsWith(BlobWriter.UNFINISHED) || name.startsWith(".zlens-"));
      }
    }
  }

  private Process start(LoopbackHub server) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            HubProcess.class.getName(),
            server.endpoint().toString(),
            cache.toString(),
            "hf:" + NAME)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
