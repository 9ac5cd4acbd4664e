package org.zlens.repl.explore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.repl.explore.Journal.Event;

/**
 * The page of one session over HTTP, on this machine alone. It hands commands on and tells of
 * events; it runs nothing itself.
 */
final class PageServer implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final long MOST_BYTES = 8L << 20;
  private static final int LONGEST_COMMAND = 1 << 20;
  private static final int PING_SECONDS = 10;
  private static final String PING = ": still here\n\n";

  /** Nothing from elsewhere, nothing inside the page's own text, and no frame around it. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Journal journal;
  private final GraphLedger graphs;
  private final PageView view;
  private final PageCommands commands;
  private final PageFiles files = new PageFiles();
  private final Gate gate;
  private final Javalin server;

  /**
   * Starts listening.
   *
   * @param port 0 for any that is free
   */
  PageServer(Journal journal, GraphLedger graphs, PageView view, PageCommands commands, int port) {
    this.journal = journal;
    this.graphs = graphs;
    this.view = view;
    this.commands = commands;
    this.gate = new Gate(this::port);
    this.server = Javalin.create(this::configure);
    try {
      server.start(LOOPBACK, port);
    } catch (RuntimeException e) {
      server.stop();
      throw new ZlensException(
          Kind.RUNTIME,
          "cannot listen at port " + port + " of this machine: " + e.getMessage(),
          "leave 'port' out for one that is free",
          e);
    }
  }

  int port() {
    return server.port();
  }

  /** What to open in a browser. */
  String address() {
    return "http://" + LOOPBACK + ":" + port() + gate.path();
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.maxRequestSize = MOST_BYTES;
    // What is secret and what others chose must not share a length that can be watched.
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
    String path = gate.path();
    config.routes.before(this::guard);
    config.routes.get(path, request -> file(request, "index.html"));
    config.routes.get(path + "app/{name}", request -> file(request, request.pathParam("name")));
    config.routes.get(path + "events", this::events);
    config.routes.post(path + "run", this::run);
    config.routes.post(path + "cancel", this::cancel);
    config.routes.post(path + "view", this::view);
    config.routes.post(path + "circuit-tracer", this::circuitTracer);
    config.routes.post(path + "saved", this::saved);
    config.routes.exception(
        ZlensException.class, (e, request) -> request.status(400).result(e.getMessage()));
  }

  private void guard(Context request) {
    request.header("Content-Security-Policy", POLICY);
    request.header("X-Content-Type-Options", "nosniff");
    request.header("X-Frame-Options", "DENY");
    request.header("Referrer-Policy", "no-referrer");
    request.header("Cache-Control", "no-store");
    request.header("Cross-Origin-Opener-Policy", "same-origin");
    request.header("Cross-Origin-Resource-Policy", "same-origin");
    gate.check(request);
  }

  private void file(Context request, String name) {
    Optional<PageFiles.PageFile> file = files.find(name);
    if (file.isEmpty()) {
      request.status(404).result("not found");
      return;
    }
    request.contentType(file.get().type()).result(file.get().content());
  }

  /**
   * Sends what has happened and then what happens, until the window or the page is closed. The
   * request keeps its thread: one that goes on without is ended by the server a second time when
   * its window has gone, and never comes to rest.
   */
  private void events(Context request) throws InterruptedException {
    request.contentType("text/event-stream; charset=utf-8");
    Window window = journal.open();
    try {
      OutputStream out = request.res().getOutputStream();
      while (!window.isClosed()) {
        Optional<Event> event = window.next(PING_SECONDS);
        out.write(event.map(PageServer::text).orElse(PING).getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (IOException e) {
      // The window has gone.
    } finally {
      journal.close(window);
    }
  }

  private static String text(Event event) {
    return "event: " + event.name() + "\ndata: " + event.data().replace("\n", "\ndata: ") + "\n\n";
  }

  private void run(Context request) throws IOException {
    String text = body(request).path("text").asText();
    if (text.isBlank() || text.length() > LONGEST_COMMAND) {
      throw new BadRequestResponse("no command, or one that is too long");
    }
    // Who quits the session here must still hear that this was taken.
    request.status(202).res().setContentLength(0);
    request.res().flushBuffer();
    commands.submit(text);
  }

  private void cancel(Context request) {
    commands.cancel();
    request.status(204);
  }

  private void view(Context request) {
    JsonNode marks = body(request).path("marks");
    // Windows must hear last what was changed last.
    synchronized (view) {
      view.change(marks);
      journal.replace("view", view.json());
    }
    request.status(204);
  }

  private void circuitTracer(Context request) {
    Set<String> shown = new LinkedHashSet<>();
    body(request).path("nodes").forEach(node -> shown.add(node.asText()));
    String json = graphs.circuitTracer(shown, view);
    request.contentType("application/json; charset=utf-8").result(json);
  }

  private void saved(Context request) {
    String page = new SavedPage(files).of(body(request));
    request.contentType("application/octet-stream").result(page.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode body(Context request) {
    try {
      JsonNode body = JSON.readTree(request.body());
      if (body != null && body.isObject()) {
        return body;
      }
    } catch (JsonProcessingException e) {
      throw new BadRequestResponse("no JSON");
    }
    throw new BadRequestResponse("no JSON object");
  }

  @Override
  public void close() {
    journal.closeAll();
    server.stop();
  }
}
