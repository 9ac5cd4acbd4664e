package org.zlens.repl.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A hub on this machine with one repository, whose one large file is made while it is sent. */
final class HubServer implements AutoCloseable {
  /** Bytes of the large file. */
  static final long SIZE = 300_000_000;

  static final String REPOSITORY = "bench/model";

  private static final String COMMIT = "0123456789012345678901234567890123456789";
  private static final String SMALL = "{}";
  private static final String SMALL_HASH = "9e26dfeeb6e641a33dae4961196235bdb965b21b";

  private final byte[] block = new byte[1_000_000];
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final String listing;

  HubServer() throws IOException {
    new Random(5).nextBytes(block);
    listing =
        String.format(
            "{\"id\":\"%s\",\"sha\":\"%s\",\"siblings\":["
                + "{\"rfilename\":\"config.json\",\"size\":2,\"blobId\":\"%s\"},"
                + "{\"rfilename\":\"tokenizer.json\",\"size\":2,\"blobId\":\"%s\"},"
                + "{\"rfilename\":\"model.safetensors\",\"lfs\":{\"sha256\":\"%s\",\"size\":%d}}]}",
            REPOSITORY, COMMIT, SMALL_HASH, SMALL_HASH, hash(), SIZE);
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    server = HttpServer.create(new InetSocketAddress(loopback, 0), 50);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  private String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (long at = 0; at < SIZE; at += block.length) {
        digest.update(block);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Where the large file is. */
  URI file() {
    return URI.create(endpoint() + "/" + REPOSITORY + "/resolve/" + COMMIT + "/model.safetensors");
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.endsWith(".safetensors")) {
        large(exchange);
      } else {
        String text = path.startsWith("/api/") ? listing : SMALL;
        exchange.sendResponseHeaders(200, text.length());
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  private void large(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    long first = 0;
    long end = SIZE;
    if (range != null) {
      String[] ends = range.substring("bytes=".length()).split("-");
      first = Long.parseLong(ends[0]);
      end = Long.parseLong(ends[1]) + 1;
      exchange
          .getResponseHeaders()
          .add("Content-Range", "bytes " + first + "-" + (end - 1) + "/" + SIZE);
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, end - first);
    OutputStream out = exchange.getResponseBody();
    for (long at = first; at < end; ) {
      int from = (int) (at % block.length);
      int count = (int) Math.min(block.length - from, end - at);
      out.write(block, from, count);
      at += count;
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
