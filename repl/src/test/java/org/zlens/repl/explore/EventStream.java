package org.zlens.repl.explore;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What one window of a page is sent, as it comes. */
final class EventStream implements AutoCloseable {
  private static final long MOST_SECONDS = 90;

  /** One event. */
  record Sent(String name, JsonNode data) {}

  private final List<Sent> sent = new ArrayList<>();
  private final Stream<String> lines;
  private boolean ended;

  EventStream(HttpClient client, URI address) {
    HttpRequest request =
        HttpRequest.newBuilder(address).header("Accept", "text/event-stream").build();
    HttpResponse<Stream<String>> response =
        client.sendAsync(request, BodyHandlers.ofLines()).join();
    if (response.statusCode() != 200) {
      throw new AssertionError("no events: " + response.statusCode());
    }
    lines = response.body();
    Thread reader = new Thread(this::read, "events");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    String[] name = {""};
    try {
      lines.forEach(
          line -> {
            if (line.startsWith("event:")) {
              name[0] = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
              add(new Sent(name[0], Json.read(line.substring(5).strip())));
            }
          });
    } catch (RuntimeException closed) {
      // The page or this window was closed.
    } finally {
      end();
    }
  }

  private synchronized void add(Sent event) {
    sent.add(event);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** All that has come so far. */
  synchronized List<Sent> all() {
    return List.copyOf(sent);
  }

  /** The data of events of a kind, so far. */
  List<JsonNode> all(String name) {
    return all().stream().filter(event -> event.name().equals(name)).map(Sent::data).toList();
  }

  /** Waits for an event, also among those that have come, and gives the first such. */
  synchronized JsonNode await(String name, Predicate<JsonNode> which) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    int seen = 0;
    while (true) {
      for (; seen < sent.size(); seen++) {
        if (sent.get(seen).name().equals(name) && which.test(sent.get(seen).data())) {
          return sent.get(seen).data();
        }
      }
      waitUntil(end, name);
    }
  }

  private void waitUntil(long end, String what) {
    try {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (ended || left <= 0) {
        throw new TimeoutException(what + " has not come, but " + sent);
      }
      wait(left);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Waits until the page has ended the stream. */
  synchronized void awaitEnd() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (!ended) {
      try {
        wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("the stream goes on");
      }
    }
  }

  @Override
  public void close() {
    lines.close();
  }
}
