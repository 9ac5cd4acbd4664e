package org.zlens.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.FileHash;
import org.zlens.engine.runtime.Progress;

class HubTest {
  private static final String NAME = "owner/model";
  private static final byte[] CONFIG = "{\"model_type\":\"gpt2\"}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] TOKENIZER = "{\"model\":{}}".getBytes(StandardCharsets.UTF_8);
  private static final HubAddress ADDRESS = HubAddress.parse("hf:" + NAME);

  @TempDir Path cache;

  private final byte[] weights = new byte[20_000_000];
  private LoopbackHub server;
  private HubSettings settings;

  @BeforeEach
  void start() throws IOException {
    new Random(7).nextBytes(weights);
    server =
        new LoopbackHub()
            .with(NAME, "config.json", CONFIG)
            .with(NAME, "tokenizer.json", TOKENIZER)
            .with(NAME, "README.md", CONFIG)
            .with(NAME, "model.safetensors", weights);
    settings = server.settings(cache);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Snapshot fetch() {
    return new Hub(settings).fetch(ADDRESS, new ModelFiles(), Progress.NONE);
  }

  private Path folder() {
    return cache.resolve("models--owner--model");
  }

  private Path blob() {
    return folder().resolve("blobs").resolve(FileHash.sha256(weights));
  }

  private Path unfinished() {
    return blob().resolveSibling(blob().getFileName() + BlobWriter.UNFINISHED);
  }

  private void fillAsOthersDo() throws IOException {
    Path blobs = Files.createDirectories(folder().resolve("blobs"));
    Path snapshot =
        Files.createDirectories(folder().resolve("snapshots").resolve(LoopbackHub.COMMIT));
    Files.createDirectories(folder().resolve("refs"));
    Files.writeString(folder().resolve("refs/main"), LoopbackHub.COMMIT);
    Files.write(blobs.resolve("aa"), weights);
    Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/aa"));
    Files.write(snapshot.resolve("config.json"), CONFIG);
    Files.write(snapshot.resolve("tokenizer.json"), TOKENIZER);
  }

  private void assertComplete(Snapshot snapshot) throws IOException {
    assertThat(snapshot.commit()).isEqualTo(LoopbackHub.COMMIT);
    assertThat(snapshot.path("model.safetensors")).hasBinaryContent(weights);
    assertThat(snapshot.path("config.json")).hasBinaryContent(CONFIG);
    assertThat(snapshot.path("tokenizer.json")).hasBinaryContent(TOKENIZER);
    try (var files = Files.walk(folder())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.endsWith(BlobWriter.UNFINISHED) || name.startsWith(".zlens-"));
    }
  }

  @Test
  void downloadsIntoTheFoldersOfHuggingFace() throws IOException {
    Snapshot snapshot = fetch();

    assertComplete(snapshot);
    assertThat(snapshot.files())
        .containsExactly("config.json", "tokenizer.json", "model.safetensors");
    assertThat(snapshot.folder())
        .isEqualTo(folder().resolve("snapshots").resolve(LoopbackHub.COMMIT));
    assertThat(folder().resolve("refs/main")).hasContent(LoopbackHub.COMMIT);
    Path link = snapshot.path("config.json");
    assertThat(Files.readSymbolicLink(link))
        .isEqualTo(Path.of("../../blobs/" + LoopbackHub.gitHash(CONFIG)));
    assertThat(snapshot.path("README.md")).doesNotExist();
    assertThat(snapshot.address("").text()).isEqualTo("hf:owner/model@" + LoopbackHub.COMMIT);
  }

  /** The hash of what was downloaded is known: to read gigabytes once more takes seconds. */
  @Test
  void whatWasHashedAsItCameIsNotReadAgain() throws IOException {
    Path file = fetch().path("model.safetensors");
    FileTime time = Files.getLastModifiedTime(file);
    byte[] other = Arrays.copyOf(weights, weights.length);
    other[0]++;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(other));
    }
    Files.setLastModifiedTime(file, time);
    assertThat(FileHash.sha256(file)).as("remembered").isEqualTo(FileHash.sha256(weights));

    Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() - 5000));
    assertThat(FileHash.sha256(file)).as("read").isEqualTo(FileHash.sha256(other));
  }

  @Test
  void whatIsInTheCacheNeedsNoNetwork() throws IOException {
    fetch();
    int before = server.requests().size();

    assertComplete(fetch());
    assertThat(server.requests()).hasSize(before);
    settings = settings.withoutNetwork();
    assertComplete(fetch());
    server.close();
    assertThat(new Hub(settings).cached(ADDRESS, new ModelFiles())).isPresent();
  }

  @Test
  void aCacheThatOthersMadeIsUsedInPlace() throws IOException {
    fillAsOthersDo();

    assertComplete(new Hub(settings.withoutNetwork()).fetch(ADDRESS, new ModelFiles(), null));
    assertThat(server.requests()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(LinkKind.class)
  void namesLeadToContentsInEveryWayThatASystemKnows(LinkKind best) throws IOException {
    Path content = Files.createDirectories(cache.resolve("blobs")).resolve("aa");
    Files.write(content, CONFIG);
    Path name = cache.resolve("snapshots/1/config.json");
    HubCache.link(name, content, best);
    HubCache.link(name, content, best);

    assertThat(name).hasBinaryContent(CONFIG);
    assertThat(Files.isSymbolicLink(name)).isEqualTo(best == LinkKind.SYMBOLIC);
    assertThat(Files.isSameFile(name, content)).isEqualTo(best != LinkKind.COPY);
    try (var files = Files.list(name.getParent())) {
      assertThat(files).containsExactly(name);
    }
  }

  /** Other programs do not note that a repository has no tokenizer. */
  @Test
  void whereNobodyCanBeAskedWhatIsInTheCacheDoes() throws IOException {
    fillAsOthersDo();
    Path snapshot = folder().resolve("snapshots").resolve(LoopbackHub.COMMIT);
    Files.delete(snapshot.resolve("tokenizer.json"));
    server.close();

    assertThat(fetch().files()).containsExactly("config.json", "model.safetensors");
    Files.delete(snapshot.resolve("config.json"));
    assertThatThrownBy(this::fetch).hasMessage("no connection to 127.0.0.1");
  }

  @Test
  void offlineAndNotInTheCacheIsAnErrorThatSaysWhy() {
    assertThatThrownBy(
            () -> new Hub(settings.withoutNetwork()).fetch(ADDRESS, new ModelFiles(), null))
        .hasMessage("'hf:owner/model' is not in the cache, or not all that is needed of it")
        .extracting(e -> ((ZlensException) e).hint())
        .asString()
        .contains("--offline");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aTokenizerThatIsNotThereIsAskedForOnce() throws IOException {
    server
        .with("owner/bare", "config.json", CONFIG)
        .with("owner/bare", "model.safetensors", CONFIG);
    HubAddress bare = HubAddress.parse("hf:owner/bare");
    new Hub(settings).fetch(bare, new ModelFiles(), Progress.NONE);
    int before = server.requests().size();

    new Hub(settings).fetch(bare, new ModelFiles(), Progress.NONE);
    assertThat(server.requests()).hasSize(before);
    assertThat(
            cache.resolve(
                "models--owner--bare/.no_exist/" + LoopbackHub.COMMIT + "/tokenizer.json"))
        .isEmptyFile();
  }

  @Test
  void largeFilesComeInPartsAndTheHubIsSparedMostQuestions() throws IOException {
    assertComplete(fetch());

    List<LoopbackHub.Request> store =
        server.fileRequests().stream().filter(LoopbackHub.Request::atStore).toList();
    assertThat(store)
        .extracting(LoopbackHub.Request::range)
        .containsExactlyInAnyOrder(
            "bytes=0-8388607", "bytes=8388608-16777215", "bytes=16777216-19999999");
  }

  @Test
  void theTokenGoesToTheHubAndToNobodyElse() throws IOException {
    settings = server.settings(cache, "hf_secret", Duration.ofSeconds(20));
    assertComplete(fetch());

    assertThat(server.requests())
        .allSatisfy(
            request ->
                assertThat(request.authorization())
                    .isEqualTo(request.atStore() ? null : "Bearer hf_secret"));
    assertThat(server.requests()).anyMatch(LoopbackHub.Request::atStore);
    assertThat(settings.toString()).doesNotContain("secret");
  }

  /** So does the hub lead from the name that a repository had before. */
  @Test
  void redirectionsMayBeRelativeAndStayWithTheHub() throws IOException {
    settings = server.settings(cache, "hf_secret", Duration.ofSeconds(20));
    server.misbehave(
        (request, exchange) -> {
          boolean old = request.path().contains("former/name");
          if (old) {
            String now = request.path().replace("former/name", "owner/model");
            exchange.getResponseHeaders().add("Location", now + "?blobs=true");
            exchange.sendResponseHeaders(307, -1);
          }
          return old;
        });
    Snapshot snapshot =
        new Hub(settings)
            .fetch(HubAddress.parse("hf:former/name"), new ModelFiles(), Progress.NONE);

    assertThat(snapshot.path("model.safetensors")).hasBinaryContent(weights);
    assertThat(server.requests())
        .filteredOn(request -> !request.atStore())
        .extracting(LoopbackHub.Request::authorization)
        .containsOnly("Bearer hf_secret");
    assertThat(server.requests())
        .filteredOn(LoopbackHub.Request::atStore)
        .isNotEmpty()
        .extracting(LoopbackHub.Request::authorization)
        .containsOnlyNulls();
  }

  @Test
  void progressIsToldInMegabytesAndNeverGoesBack() throws IOException {
    List<Long> done = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    new Hub(settings)
        .fetch(
            ADDRESS,
            new ModelFiles(),
            (now, total) -> {
              if (total > 0) {
                done.add(now);
                totals.add(total);
              }
            });

    assertThat(totals).isNotEmpty().containsOnly(21L);
    assertThat(done).isSorted().allMatch(now -> now <= 21);
  }

  @Test
  void aConnectionThatBreaksIsTakenUpWhereItBroke() throws IOException {
    AtomicInteger cuts = new AtomicInteger();
    server.misbehave(
        (request, exchange) -> {
          if (!request.atStore() || cuts.incrementAndGet() > 3) {
            return false;
          }
          byte[] content = server.content(request);
          int first = Integer.parseInt(request.range().replaceAll("bytes=([0-9]+)-.*", "$1"));
          int last = Integer.parseInt(request.range().replaceAll(".*-", ""));
          exchange.getResponseHeaders().add("Content-Range", request.range().replace("=", " "));
          exchange.sendResponseHeaders(206, last - first + 1);
          exchange.getResponseBody().write(content, first, (last - first + 1) / 2);
          exchange.getResponseBody().flush();
          return true;
        });

    assertComplete(fetch());
    assertThat(server.fileRequests())
        .filteredOn(LoopbackHub.Request::atStore)
        .hasSizeGreaterThanOrEqualTo(6);
  }

  @Test
  void whatCameBeforeAllAttemptsFailedIsNotFetchedAgain() throws IOException {
    server.misbehave(
        (request, exchange) -> {
          boolean first = String.valueOf(request.range()).startsWith("bytes=0-");
          if (!request.atStore() || first) {
            return false;
          }
          exchange.sendResponseHeaders(503, -1);
          return true;
        });
    assertThatThrownBy(this::fetch).hasMessage("127.0.0.1 has a fault of its own (503)");
    assertThat(Files.size(unfinished())).isEqualTo(8_388_608);

    server.behave();
    int before = server.requests().size();
    assertComplete(fetch());
    assertThat(server.requests().subList(before, server.requests().size()))
        .filteredOn(LoopbackHub.Request::atStore)
        .extracting(LoopbackHub.Request::range)
        .containsExactlyInAnyOrder("bytes=8388608-16777215", "bytes=16777216-19999999");
  }

  @Test
  void anInterruptedDownloadKeepsWhatCame() throws IOException {
    Progress impatient =
        (done, total) -> {
          if (done >= 8) {
            throw new ZlensException(Kind.INTERRUPTED, "interrupted", null);
          }
        };
    server.misbehave(
        (request, exchange) -> {
          if (!String.valueOf(request.range()).startsWith("bytes=8388608-")) {
            return false;
          }
          // Held until the client has gone, at the latest.
          exchange.getResponseHeaders().add("Content-Range", "bytes 8388608-16777215/20000000");
          exchange.sendResponseHeaders(206, 8_388_608);
          return true;
        });
    assertThatThrownBy(() -> new Hub(settings).fetch(ADDRESS, new ModelFiles(), impatient))
        .isInstanceOfSatisfying(
            ZlensException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.INTERRUPTED);
              assertThat(e.hint()).contains("what has come is kept");
            });

    server.behave();
    assertComplete(fetch());
  }

  @Test
  void anInterruptedThreadIsNoFaultOfTheHub() {
    server.misbehave(
        (request, exchange) -> {
          exchange.sendResponseHeaders(200, 100);
          return true;
        });
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(this::fetch)
          .extracting(e -> ((ZlensException) e).kind())
          .isEqualTo(Kind.INTERRUPTED);
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void anUnfinishedFileThatIsWrongIsReplaced() throws IOException {
    Files.createDirectories(blob().getParent());
    Files.write(unfinished(), new byte[9_000_000]);

    assertComplete(fetch());
  }

  @Test
  void anUnfinishedFileThatIsWholeIsOnlyGivenItsName() throws IOException {
    Files.createDirectories(blob().getParent());
    Files.write(unfinished(), weights);

    assertComplete(fetch());
    assertThat(server.fileRequests()).noneMatch(LoopbackHub.Request::atStore);
  }

  @Test
  void aServerThatSendsNoPartsIsAskedForTheWhole() throws IOException {
    server.misbehave(
        (request, exchange) -> {
          if (request.atStore()) {
            LoopbackHub.send(exchange, null, server.content(request));
          }
          return request.atStore();
        });

    assertComplete(fetch());
  }

  @Test
  void aPartialAnswerOfAnotherPartIsNotTaken() throws IOException {
    server.misbehave(
        (request, exchange) -> {
          if (request.atStore()) {
            boolean part = request.range() != null;
            exchange.getResponseHeaders().add("Content-Range", "bytes 5-9/20000000");
            LoopbackHub.send(exchange, part ? "bytes=5-9" : null, server.content(request));
          }
          return request.atStore();
        });

    assertComplete(fetch());
  }

  @Test
  void anotherContentThanPromisedIsThrownAway() throws IOException {
    byte[] other = Arrays.copyOf(weights, weights.length);
    other[12_345_678]++;
    server.misbehave(
        (request, exchange) -> {
          if (request.atStore()) {
            LoopbackHub.send(exchange, request.range(), other);
          }
          return request.atStore();
        });

    assertThatThrownBy(this::fetch)
        .hasMessage(
            "'model.safetensors' of 'owner/model' came with another content than was promised");
    assertThat(blob()).doesNotExist();
    assertThat(unfinished()).isEmptyFile();
    assertThat(folder().resolve("refs/main")).doesNotExist();

    server.behave();
    assertComplete(fetch());
  }

  @Test
  void aDiskThatIsFullIsSaidToBe() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    Files.createDirectories(blob().getParent());
    Files.createSymbolicLink(unfinished(), full);

    assertThatThrownBy(this::fetch)
        .hasMessageStartingWith("the disk of the cache is full: ")
        .extracting(e -> ((ZlensException) e).hint())
        .asString()
        .contains("HF_HUB_CACHE");
    assertThat(blob()).doesNotExist();
  }

  @Test
  void aFileLargerThanTheDiskIsNotBegun() {
    server.lie(
        listing ->
            ((ObjectNode) listing.path("siblings").get(2))
                .putObject("lfs")
                .put("sha256", FileHash.sha256(weights))
                .put("size", 1L << 49));

    assertThatThrownBy(this::fetch).hasMessageMatching("'owner/model' needs [0-9]+ MB more .*");
    assertThat(server.fileRequests()).isEmpty();
  }

  @Test
  void anotherThreadsDownloadIsWaitedFor() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  assertComplete(fetch());
                } catch (IOException | RuntimeException | Error e) {
                  synchronized (failures) {
                    failures.add(e);
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(failures).isEmpty();
    assertThat(server.fileRequests()).filteredOn(LoopbackHub.Request::atStore).hasSize(3);
  }
}
