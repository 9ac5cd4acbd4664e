package org.zlens.engine.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.zlens.engine.io.FileHash;

/**
 * A server that plays the hub on this machine: small files come from it, large ones from a second
 * server that it leads to, as the hub does. What it does wrong is said by the test.
 */
public final class LoopbackHub implements AutoCloseable {
  /** The commit of every repository here. */
  public static final String COMMIT = "607a30d783dfa663caf39e06633721c8d4cfcd7e";

  private static final int LARGE = 100_000;

  private final HttpServer hub;
  private final HttpServer store;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Map<String, byte[]>> repositories = new TreeMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Misbehaviour misbehaviour = (request, exchange) -> false;
  private volatile Consumer<ObjectNode> lie = listing -> {};

  /** What somebody asked for. */
  public record Request(boolean atStore, String path, String range, String authorization) {}

  /** Answers instead of the server, if it says so. */
  @FunctionalInterface
  public interface Misbehaviour {
    boolean answers(Request request, HttpExchange exchange) throws IOException;
  }

  public LoopbackHub() throws IOException {
    hub = server();
    store = server();
    hub.createContext("/", exchange -> handle(false, exchange));
    store.createContext("/", exchange -> handle(true, exchange));
    hub.start();
    store.start();
  }

  private HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 50);
    server.setExecutor(threads);
    return server;
  }

  /** Adds a file to a repository. */
  public LoopbackHub with(String repository, String path, byte[] content) {
    repositories.computeIfAbsent(repository, name -> new TreeMap<>()).put(path, content);
    return this;
  }

  /** From here on something goes wrong. */
  public void misbehave(Misbehaviour how) {
    misbehaviour = how;
  }

  /** From here on all goes well again. */
  public void behave() {
    misbehaviour = (request, exchange) -> false;
  }

  /** Changes what it says of its repositories. */
  public void lie(Consumer<ObjectNode> change) {
    lie = change;
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
  }

  /** What was asked so far. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** What was asked of files so far, not of listings. */
  public List<Request> fileRequests() {
    return requests.stream().filter(request -> !request.path().startsWith("/api/")).toList();
  }

  /** A client with a cache that does not wait long. */
  public HubSettings settings(Path cache) {
    return settings(cache, null, Duration.ofSeconds(20));
  }

  public HubSettings settings(Path cache, String token, Duration silence) {
    Patience patience = new Patience(4, Duration.ofMillis(1), Duration.ofSeconds(5), silence);
    return new HubSettings(endpoint(), cache, token, false, patience);
  }

  private void handle(boolean atStore, HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Request request =
        new Request(
            atStore,
            path,
            exchange.getRequestHeaders().getFirst("Range"),
            exchange.getRequestHeaders().getFirst("Authorization"));
    requests.add(request);
    try (exchange) {
      if (misbehaviour.answers(request, exchange)) {
        return;
      }
      if (path.startsWith("/api/models/")) {
        listing(path, exchange);
      } else {
        file(request, exchange);
      }
    }
  }

  private void listing(String path, HttpExchange exchange) throws IOException {
    String name = path.substring("/api/models/".length(), path.indexOf("/revision/"));
    if (!repositories.containsKey(name)) {
      exchange.getResponseHeaders().add("X-Error-Code", "RepoNotFound");
      exchange.sendResponseHeaders(401, -1);
      return;
    }
    ObjectNode listing = listing(name);
    lie.accept(listing);
    send(exchange, 200, listing.toString().getBytes(StandardCharsets.UTF_8));
  }

  private ObjectNode listing(String name) {
    ObjectNode listing = new ObjectMapper().createObjectNode();
    listing.put("id", name).put("sha", COMMIT);
    ArrayNode siblings = listing.putArray("siblings");
    repositories
        .get(name)
        .forEach(
            (file, content) -> {
              ObjectNode sibling = siblings.addObject();
              sibling.put("rfilename", file).put("size", content.length);
              sibling.put("blobId", gitHash(content));
              if (content.length >= LARGE) {
                sibling
                    .putObject("lfs")
                    .put("sha256", FileHash.sha256(content))
                    .put("size", content.length);
              }
            });
    return listing;
  }

  /** What git calls a content. */
  public static String gitHash(byte[] content) {
    MessageDigest digest = new ContentHash("0".repeat(40)).start(content.length);
    digest.update(content);
    return ContentHash.end(digest);
  }

  private void file(Request request, HttpExchange exchange) throws IOException {
    String marker = "/resolve/" + COMMIT + "/";
    int at = request.path().indexOf(marker);
    Map<String, byte[]> files = repositories.get(request.path().substring(1, Math.max(1, at)));
    byte[] content =
        files == null ? null : files.get(request.path().substring(at + marker.length()));
    if (content == null) {
      exchange.getResponseHeaders().add("X-Error-Code", "EntryNotFound");
      exchange.sendResponseHeaders(404, -1);
    } else if (content.length >= LARGE && !request.atStore()) {
      exchange
          .getResponseHeaders()
          .add("Location", "http://127.0.0.1:" + store.getAddress().getPort() + request.path());
      exchange.sendResponseHeaders(302, -1);
    } else {
      send(exchange, request.range(), content);
    }
  }

  /** Sends a content, or the part of it that is asked for. */
  public static void send(HttpExchange exchange, String range, byte[] content) throws IOException {
    if (range == null) {
      send(exchange, 200, content);
      return;
    }
    String[] ends = range.substring("bytes=".length()).split("-");
    int first = Integer.parseInt(ends[0]);
    int last = Integer.parseInt(ends[1]);
    exchange
        .getResponseHeaders()
        .add("Content-Range", "bytes " + first + "-" + last + "/" + content.length);
    exchange.sendResponseHeaders(206, last - first + 1);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(content, first, last - first + 1);
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
    exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(content);
    }
  }

  /** The content that a request is for. */
  public byte[] content(Request request) {
    String marker = "/resolve/" + COMMIT + "/";
    int at = request.path().indexOf(marker);
    return repositories
        .get(request.path().substring(1, at))
        .get(request.path().substring(at + marker.length()));
  }

  @Override
  public void close() {
    hub.stop(0);
    store.stop(0);
    threads.shutdownNow();
  }
}
