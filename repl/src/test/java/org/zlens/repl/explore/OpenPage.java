package org.zlens.repl.explore;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.LivePage;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.repl.output.Output;
import org.zlens.repl.output.Progress;
import org.zlens.repl.output.TextSink;
import org.zlens.repl.terminal.CommandThread;

/** A session in this test with its page open, and what a terminal would show of it. */
final class OpenPage implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
  private final CommandThread commands = new CommandThread();
  private final List<EventStream> streams = new ArrayList<>();
  private final Session session;
  private final Faces faces;
  private final URI address;

  /**
   * Opens a page.
   *
   * @param folder what relative paths start from
   * @param more commands beside those of the language
   */
  OpenPage(Path folder, Command... more) {
    TextSink out = new TextSink(terminal);
    Output output = new Output(out, out, Progress.none(), () -> 0, false);
    faces = new Faces(output);
    Registry registry = new Registry(BuiltinCommands.all()).with(List.of(more));
    session = new Session(registry, Settings.STANDARD, faces, folder);
    output.follow(session.settings());
    session.put(LivePage.SLOT, new Explorer(session, faces, page()));
    typed("explore");
    String said = terminal();
    address = URI.create(said.substring(said.indexOf("http://")).strip());
  }

  private PageCommands page() {
    return new PageCommands() {
      @Override
      public void submit(String text) {
        commands.submit(() -> faces.duringPage(() -> run("page", text)));
      }

      @Override
      public void cancel() {
        session.cancellation().request();
      }
    };
  }

  private void run(String name, String text) {
    try {
      new Interpreter(session).run(new SourceText(name, text));
    } catch (DiagnosticException e) {
      // Tests see it among the events.
      return;
    }
  }

  /** Runs a line as if it were typed in the terminal, and waits for its end. */
  void typed(String text) {
    commands.run(() -> run("input", text));
  }

  /** What the terminal has shown. */
  String terminal() {
    return terminal.toString(StandardCharsets.UTF_8);
  }

  Session session() {
    return session;
  }

  /** What is to be opened in a browser. */
  URI address() {
    return address;
  }

  /** The origin of the page. */
  String origin() {
    return "http://127.0.0.1:" + address.getPort();
  }

  /** Everything that a window of the page is sent. */
  EventStream events() {
    EventStream stream = new EventStream(client, address.resolve("events"));
    streams.add(stream);
    return stream;
  }

  /** The same of the page that was opened last. */
  EventStream eventsOfTheOpenPage() {
    String said = terminal();
    URI last = URI.create(said.substring(said.lastIndexOf("http://")).lines().findFirst().get());
    EventStream stream = new EventStream(client, last.resolve("events"));
    streams.add(stream);
    return stream;
  }

  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(address.resolve(path)).build());
  }

  HttpResponse<String> post(String path, String json) {
    return post(address.resolve(path), json, origin());
  }

  HttpResponse<String> post(URI to, String json, String origin) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(to).POST(HttpRequest.BodyPublishers.ofString(json));
    if (origin != null) {
      request.header("Origin", origin);
    }
    return send(request.build());
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Clicks something that runs a statement; does not wait for it. */
  void click(String statement) {
    int status = post("run", "{\"text\":" + Json.text(statement) + "}").statusCode();
    if (status != 202) {
      throw new AssertionError("refused: " + status);
    }
  }

  @Override
  public void close() {
    commands.run(session::close);
    streams.forEach(EventStream::close);
    commands.close();
  }
}
