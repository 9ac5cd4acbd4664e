package org.zlens.repl.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;

/** A session at a prompt and on its page at once. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReplPageTest {
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/[\\w-]{32}/");

  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();

  private String shown() {
    return screen.toString(StandardCharsets.UTF_8);
  }

  private void await(String text) throws InterruptedException {
    while (!shown().contains(text)) {
      Thread.sleep(20);
    }
  }

  @Test
  void clicksAreToldAboveThePromptAndShareItsSession() throws Exception {
    PipedInputStream input = new PipedInputStream(1 << 16);
    PipedOutputStream keys = new PipedOutputStream(input);
    Terminal terminal = new DumbTerminal("test", "ansi", input, screen, StandardCharsets.UTF_8);
    terminal.setSize(new Size(200, 40));
    Repl repl =
        new Repl(
            terminal,
            new Registry(BuiltinCommands.all()),
            new ReplOptions(null, null, null, false, false),
            code -> {});
    repl.begin("explore");
    CompletableFuture<Integer> session = CompletableFuture.supplyAsync(repl::run);
    await("the page of this session: http://");
    Matcher address = ADDRESS.matcher(shown());
    while (!address.reset(shown()).find()) {
      Thread.sleep(20);
    }
    URI page = URI.create(address.group());
    click(page, "let clicked = 31300 + 37");
    await("page> let clicked = 31300 + 37");
    type(keys, "$clicked\r");
    await("31337");
    click(page, "quit");
    assertThat(session.get()).isZero();
  }

  private static void type(PipedOutputStream keys, String text) throws IOException {
    keys.write(text.getBytes(StandardCharsets.UTF_8));
    keys.flush();
  }

  private static void click(URI page, String statement) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(page.resolve("run"))
            .header("Origin", "http://" + page.getAuthority())
            .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"" + statement + "\"}"))
            .build();
    int status = HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
    assertThat(status).isEqualTo(202);
  }
}
