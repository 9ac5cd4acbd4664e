package org.zlens.repl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The program as {@code zlens explore} without a terminal. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PageSessionTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private String shown() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private CompletableFuture<Integer> start(String... arguments) {
    Streams streams =
        new Streams(
            new ByteArrayInputStream(new byte[0]),
            out,
            OutputStream.nullOutputStream(),
            false,
            false,
            false,
            0,
            false);
    return CompletableFuture.supplyAsync(
        () -> new Application(streams, ProgramRun.registry()).run(arguments));
  }

  @Test
  void itServesItsPageUntilTheSessionIsQuitThere() throws Exception {
    CompletableFuture<Integer> program = start("--no-init", "explore");
    while (!shown().endsWith("/\n") && !program.isDone()) {
      Thread.sleep(20);
    }
    URI page = URI.create(shown().substring(shown().indexOf("http://")).strip());
    HttpRequest quit =
        HttpRequest.newBuilder(page.resolve("run"))
            .header("Origin", "http://" + page.getAuthority())
            .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"set seed 5; quit\"}"))
            .build();
    HttpResponse<String> answer = HttpClient.newHttpClient().send(quit, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(program.get()).isZero();
    assertThat(shown()).contains("page> set seed 5; quit");
  }

  @Test
  void itsPortMustBeOne() {
    for (String port : new String[] {"x", "0", "70000", "-1", "123456"}) {
      assertThat(ProgramRun.of("explore", "--port", port).exitCode()).as(port).isIn(2, 65);
    }
    assertThat(ProgramRun.of("--port", "8000", "-c", "1").exitCode()).isEqualTo(2);
    assertThat(ProgramRun.of("explore", "more").exitCode()).isEqualTo(2);
  }

  @Test
  void aSafeSessionShowsNoPage() {
    ProgramRun run = ProgramRun.of("--safe", "explore");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("'explore' uses the network, which --safe refuses");
  }
}
