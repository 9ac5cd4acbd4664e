package org.zlens.repl.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.zlens.engine.hub.Hub;
import org.zlens.engine.hub.HubAddress;
import org.zlens.engine.hub.HubSettings;
import org.zlens.engine.hub.ModelFiles;
import org.zlens.engine.hub.Patience;
import org.zlens.engine.runtime.Progress;

/**
 * A download of 300 MB from a server on this machine into an empty cache, with hashing and writing:
 * seconds, so that one is 300 MB/s.
 */
final class HubThroughput implements Benchmark {
  @Override
  public String name() {
    return "hub-throughput";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    try (HubServer server = new HubServer()) {
      // The first run is of code that is yet to be compiled.
      download(server);
      double[] seconds = new double[RUNS];
      double[] plain = new double[RUNS];
      for (int i = 0; i < RUNS; i++) {
        seconds[i] = download(server);
        plain[i] = receive(server);
      }
      return new Measurement(
          name(),
          Median.of(seconds),
          "s",
          Median.of(plain),
          1,
          "300 MB from a server in the same process into the cache, hashed and written; received in"
              + " one piece and thrown away");
    }
  }

  private static double download(HubServer server) throws IOException {
    try (TemporaryFolder cache = TemporaryFolder.open()) {
      HubSettings settings =
          new HubSettings(server.endpoint(), cache.path(), null, false, Patience.USUAL);
      HubAddress address = HubAddress.parse(HubAddress.PREFIX + HubServer.REPOSITORY);
      long start = System.nanoTime();
      new Hub(settings).fetch(address, new ModelFiles(), Progress.NONE);
      return (System.nanoTime() - start) / 1e9;
    }
  }

  private static double receive(HubServer server) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    long start = System.nanoTime();
    HttpRequest request = HttpRequest.newBuilder(server.file()).build();
    byte[] piece = new byte[1 << 16];
    long got = 0;
    try (InputStream in = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
      for (int count = 0; count >= 0; count = in.read(piece)) {
        got += count;
      }
    }
    if (got != HubServer.SIZE) {
      throw new IllegalStateException("received " + got + " bytes");
    }
    return (System.nanoTime() - start) / 1e9;
  }
}
