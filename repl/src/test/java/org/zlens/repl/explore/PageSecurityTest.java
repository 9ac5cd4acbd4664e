package org.zlens.repl.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may come in to a page, and what it lets a browser do. */
class PageSecurityTest {
  @TempDir static Path folder;
  private static OpenPage page;

  @BeforeAll
  static void open() {
    page = new OpenPage(folder);
  }

  @AfterAll
  static void close() {
    page.close();
  }

  @Test
  void theAddressIsOfThisMachineAloneAndCannotBeGuessed() {
    assertThat(page.address().getHost()).isEqualTo("127.0.0.1");
    assertThat(page.address().getPath()).matches("/[A-Za-z0-9_-]{32}/");
    try (OpenPage other = new OpenPage(folder)) {
      assertThat(other.address().getPath()).isNotEqualTo(page.address().getPath());
      assertThat(other.address().getPort()).isNotEqualTo(page.address().getPort());
    }
  }

  @Test
  void nobodyElseOnTheNetworkCanConnect() throws IOException {
    List<InetAddress> others =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(one -> !one.isLoopbackAddress() && !one.isLinkLocalAddress())
            .toList();
    for (InetAddress other : others) {
      assertThatThrownBy(() -> new Socket(other, page.address().getPort()).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void whoeverKnowsTheWordGetsThePage() {
    HttpResponse<String> answer = page.get("");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).startsWith("<!doctype html>");
    assertThat(page.get("app/main.js").statusCode()).isEqualTo(200);
    assertThat(page.get("app/d3.js").body()).contains("d3js.org");
  }

  @Test
  void aWrongWordIsForbiddenWhateverIsAskedFor() {
    String word = page.address().getPath().replace("/", "");
    String other = word.substring(0, 31) + (word.endsWith("A") ? "B" : "A");
    for (String path :
        List.of(
            "/", "/" + other + "/", "/" + word, "/" + word + "x/", "//" + word + "/", "/app/")) {
      assertThat(page.get(page.origin() + path).statusCode()).as(path).isEqualTo(403);
    }
    URI run = URI.create(page.origin() + "/" + other + "/run");
    assertThat(page.post(run, "{\"text\":\"1\"}", page.origin()).statusCode()).isEqualTo(403);
  }

  @Test
  void aForeignHostIsForbidden() throws IOException {
    int port = page.address().getPort();
    for (String host : List.of("example.com", "example.com:" + port, "127.0.0.1", "localhost:1")) {
      assertThat(raw("GET", "Host: " + host)).as(host).startsWith("HTTP/1.1 403");
    }
    assertThat(raw("GET", "Host: 127.0.0.1:" + port)).startsWith("HTTP/1.1 200");
    assertThat(raw("GET", "Host: localhost:" + port)).startsWith("HTTP/1.1 200");
    // Without a host it is no HTTP, or forbidden; never an answer.
    assertThat(raw("GET", "X-None: 1")).startsWith("HTTP/1.1 40");
  }

  private static String raw(String method, String header) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", page.address().getPort())) {
      String request =
          method
              + " "
              + page.address().getPath()
              + " HTTP/1.1\r\n"
              + header
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aForeignOriginIsForbiddenAndSoIsNoneWhereSomethingIsChanged() {
    String one = "{\"text\":\"1\"}";
    URI run = page.address().resolve("run");
    for (String origin : List.of("http://example.com", "null", "http://127.0.0.1:1")) {
      assertThat(page.post(run, one, origin).statusCode()).as(origin).isEqualTo(403);
    }
    assertThat(page.post(run, one, null).statusCode()).isEqualTo(403);
    assertThat(page.post(run, one, page.origin()).statusCode()).isEqualTo(202);
  }

  @Test
  void thePolicyAllowsNothingFromElsewhereAndNothingInTheText() {
    HttpResponse<String> answer = page.get("");
    String policy = answer.headers().firstValue("Content-Security-Policy").orElseThrow();
    assertThat(policy)
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe", "http", "*", "data:");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(answer.headers().firstValue("Server")).isEmpty();
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void thereAreNoOtherFiles() {
    for (String path :
        List.of("app/none.js", "app/..%2f..%2fMain.class", "app/%2e%2e/index.html", "app/")) {
      assertThat(page.get(path).statusCode()).as(path).isIn(400, 404);
    }
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThat(page.post("run", "no json").statusCode()).isEqualTo(400);
    assertThat(page.post("run", "[1]").statusCode()).isEqualTo(400);
    assertThat(page.post("run", "{\"text\":\" \"}").statusCode()).isEqualTo(400);
    assertThat(page.post("run", "{\"text\":\"" + "x".repeat(2 << 20) + "\"}").statusCode())
        .isEqualTo(400);
    assertThat(page.post("circuit-tracer", "{\"nodes\":[]}").statusCode()).isEqualTo(400);
    assertThat(page.post("run", "x".repeat(9 << 20)).statusCode()).isEqualTo(413);
    assertThat(page.post("view", "{\"marks\":[{\"kind\":\"no\",\"node\":\"a\"}]}").statusCode())
        .isEqualTo(400);
  }
}
