package org.zlens.repl.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A session whose page is open, in a process of its own, and a window of that page. */
final class PageClient implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 240;
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Event(String name, String data) {}

  private final Process process;
  private final URI address;
  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private JsonNode last;
  private volatile boolean closing;

  PageClient() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(Launch.launcher(), "--no-init", "explore")
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    process = builder.start();
    process.getOutputStream().close();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = said.readLine();
    if (line == null || !line.contains("http://")) {
      throw new IllegalStateException("no page: " + line);
    }
    address = URI.create(line.substring(line.indexOf("http://")).strip());
    background(() -> said.lines().forEach(any -> {}));
    background(this::listen);
    await("ready");
  }

  private static void background(Runnable body) {
    Thread thread = new Thread(body, "page");
    thread.setDaemon(true);
    thread.start();
  }

  private void listen() {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("events"))
            .header("Accept", "text/event-stream")
            .build();
    String[] name = {""};
    try {
      client
          .sendAsync(request, BodyHandlers.ofLines())
          .join()
          .body()
          .forEach(
              line -> {
                if (line.startsWith("event:")) {
                  name[0] = line.substring(6).strip();
                } else if (line.startsWith("data:")) {
                  events.add(new Event(name[0], line.substring(5)));
                }
              });
    } catch (UncheckedIOException e) {
      // The session that is ended below takes its page along.
      if (!closing) {
        events.add(new Event("failure", e.getMessage()));
      }
    }
  }

  private Event await(String name) throws IOException, InterruptedException {
    while (true) {
      Event event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (event == null || event.name().equals("failure")) {
        throw new IllegalStateException("no " + name + ", but " + event);
      } else if (event.name().equals("value")) {
        last = JSON.readTree(event.data()).path("value");
      } else if (event.name().equals(name)) {
        return event;
      }
    }
  }

  /** Clicks what runs a statement; gives the seconds until the page has all that came of it. */
  double click(String statement) throws IOException, InterruptedException {
    long start = System.nanoTime();
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("run"))
            .header("Origin", "http://" + address.getAuthority())
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"text\":" + TextNode.valueOf(statement) + "}"))
            .build();
    client.send(request, BodyHandlers.discarding());
    await("end");
    return (System.nanoTime() - start) / 1e9;
  }

  /** The value that came last. */
  JsonNode value() {
    return last;
  }

  @Override
  public void close() {
    closing = true;
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
