package org.zlens.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.ZlensException;
import org.zlens.engine.runtime.Progress;

/** What a server answers that has nothing to give, is in trouble, or means ill. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HostileHubTest {
  private static final String NAME = "owner/model";
  private static final byte[] SMALL = "{}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] LARGE = new byte[300_000];
  private static final Duration SHORT = Duration.ofMillis(400);

  @TempDir Path cache;

  private LoopbackHub server;

  @BeforeEach
  void start() throws IOException {
    Arrays.fill(LARGE, (byte) 3);
    server =
        new LoopbackHub()
            .with(NAME, "config.json", SMALL)
            .with(NAME, "tokenizer.json", SMALL)
            .with(NAME, "model.safetensors", LARGE);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Snapshot fetch(HubSettings settings, String address) {
    return new Hub(settings)
        .fetch(HubAddress.parse("hf:" + address), new ModelFiles(), Progress.NONE);
  }

  private ZlensException failure(HubSettings settings, String address) {
    try {
      fetch(settings, address);
    } catch (ZlensException e) {
      return e;
    }
    throw new AssertionError("nothing failed");
  }

  private ZlensException failure() {
    return failure(server.settings(cache), NAME);
  }

  private static boolean answer(HttpExchange exchange, int status, String... headers)
      throws IOException {
    for (int i = 0; i < headers.length; i += 2) {
      exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
    }
    exchange.sendResponseHeaders(status, -1);
    return true;
  }

  @Test
  void aRepositoryThatIsNotThereMayBePrivate() {
    ZlensException failure = failure(server.settings(cache), "owner/nothing");

    assertThat(failure)
        .hasMessage("there is no repository 'owner/nothing' on 127.0.0.1, or it is private");
    assertThat(failure.hint()).contains("HF_TOKEN");
    assertThat(server.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"401, GatedRepo", "403, GatedRepo"})
  void aGatedModelIsSaidToBeAndHowToGetIt(int status, String code) {
    server.misbehave((request, exchange) -> answer(exchange, status, "X-Error-Code", code));

    ZlensException failure = failure();
    assertThat(failure)
        .hasMessage("'owner/model' is gated: only those who accepted its terms get it");
    assertThat(failure.hint()).contains(server.endpoint() + "/owner/model").contains("HF_TOKEN");
    failure = failure(server.settings(cache, "hf_secret", Duration.ofSeconds(20)), NAME);
    assertThat(failure).hasMessageContaining("is not given to the owner of this token");
    assertThat(failure.getMessage() + failure.hint()).doesNotContain("secret");
  }

  @Test
  void aTokenThatIsNotTakenIsSaidToBe() {
    server.misbehave((request, exchange) -> answer(exchange, 401));

    assertThat(failure(server.settings(cache, "hf_secret", Duration.ofSeconds(20)), NAME))
        .hasMessage("'owner/model' is not given to the owner of this token (401)");
  }

  @Test
  void aRevisionThatIsNotThereIsNamed() {
    server.misbehave(
        (request, exchange) -> answer(exchange, 404, "X-Error-Code", "RevisionNotFound"));

    assertThat(failure(server.settings(cache), NAME + "@step7"))
        .hasMessage("'owner/model' has no revision 'step7' on 127.0.0.1");
  }

  @Test
  void aRepositoryWithoutAModelSaysWhatIsMissing() {
    server.with("owner/text", "README.md", SMALL);

    assertThat(failure(server.settings(cache), "owner/text"))
        .hasMessage(
            "'hf:owner/text' has no config.json, and no weights (model.safetensors or another"
                + " kind)")
        .extracting(ZlensException::hint)
        .isEqualTo("it has 'README.md'");
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void aServerInTroubleIsAskedAgain(int status) throws IOException {
    Map<LoopbackHub.Request, Integer> asked = new ConcurrentHashMap<>();
    server.misbehave(
        (request, exchange) ->
            asked.merge(request, 1, Integer::sum) == 1
                && answer(exchange, status, "Retry-After", "0"));

    assertThat(fetch(server.settings(cache), NAME).path("model.safetensors"))
        .hasBinaryContent(LARGE);
  }

  @Test
  void aServerThatAsksForTimeGetsIt() {
    AtomicInteger asked = new AtomicInteger();
    server.misbehave(
        (request, exchange) ->
            asked.incrementAndGet() == 1 && answer(exchange, 429, "Retry-After", "1"));
    long started = System.nanoTime();
    fetch(server.settings(cache), NAME);

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(990));
  }

  @Test
  void timeIsAskedForInSecondsOrByADate() {
    String soon =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plusHours(1));
    assertThat(HubFault.retryAfter("120")).isEqualTo(Duration.ofMinutes(2));
    assertThat(HubFault.retryAfter(soon)).isBetween(Duration.ofMinutes(58), Duration.ofHours(1));
    for (String none : List.of("", "-1", "soon", "Wed, 21 Oct 2015 07:28:00 GMT", "9".repeat(40))) {
      assertThat(HubFault.retryAfter(none)).as(none).isZero();
    }
    // Whoever asks for a day is asked again sooner, and in vain.
    BusyException day = new BusyException(429, HubFault.retryAfter("86400"));
    assertThat(day.wait(Patience.USUAL, 1)).isEqualTo(Patience.USUAL.longestWait());
  }

  @Test
  void aServerThatNeverHasTimeIsGivenUp() {
    server.misbehave((request, exchange) -> answer(exchange, 429));

    assertThat(failure()).hasMessage("127.0.0.1 wants to be asked less often (429)");
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void withoutANetworkItSaysSo() {
    HubSettings settings = server.settings(cache);
    server.close();

    ZlensException failure = failure(settings, NAME);
    assertThat(failure).hasMessage("no connection to 127.0.0.1");
    assertThat(failure.hint()).contains("cache");
  }

  @Test
  void aServerThatSaysNothingIsGivenUp() {
    CountDownLatch over = new CountDownLatch(1);
    server.misbehave((request, exchange) -> held(over));

    assertThat(failure(server.settings(cache, null, SHORT), NAME))
        .hasMessage("the connection to 127.0.0.1 broke each time: it brought nothing for too long");
    over.countDown();
  }

  @Test
  void aServerThatFallsSilentInTheMiddleIsGivenUp() {
    CountDownLatch over = new CountDownLatch(1);
    server.misbehave(
        (request, exchange) -> {
          if (!request.atStore()) {
            return false;
          }
          exchange.sendResponseHeaders(200, LARGE.length);
          exchange.getResponseBody().write(LARGE, 0, 1000);
          exchange.getResponseBody().flush();
          return held(over);
        });

    assertThat(failure(server.settings(cache, null, SHORT), NAME))
        .hasMessageContaining("it brought nothing for too long");
    over.countDown();
  }

  private static boolean held(CountDownLatch over) {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  @Test
  void redirectionsEnd() {
    server.misbehave((request, exchange) -> answer(exchange, 302, "Location", request.path()));

    assertThat(failure()).hasMessageContaining("leads from one address to the next without end");
    assertThat(server.requests()).hasSize(11);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://127.0.0.1/x", "http:///x", "", "http://a b"})
  void redirectionsLeadToTheWebOnly(String location) {
    server.misbehave((request, exchange) -> answer(exchange, 302, "Location", location));

    assertThat(failure()).hasMessageContaining("leads to where nothing is fetched from");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../.bashrc",
        "/etc/passwd",
        "a/../../b",
        "a//b",
        "./a",
        "a\\..\\b",
        "a\u0000b",
        "a\nb",
        ""
      })
  void namesThatEscapeAreRefused(String name) throws IOException {
    server.lie(listing -> first(listing).put("rfilename", name));

    assertThat(failure()).hasMessageContaining("names a file");
    try (var files = Files.walk(cache)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  private static ObjectNode first(ObjectNode listing) {
    return (ObjectNode) listing.path("siblings").get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "zz", "../../../../x", "607A30D783DFA663CAF39E06633721C8D4CFCD7E"})
  void whatIsNoHashIsNotMadeAName(String hash) {
    server.lie(listing -> first(listing).put("blobId", hash));
    assertThat(failure()).hasMessageContaining("tells no size and hash of the file 'config.json'");

    server.lie(listing -> listing.put("sha", hash));
    assertThat(failure()).hasMessageContaining("names no commit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1e9", "99999999999999999999", "null", "\"7\""})
  void sizesThatAreNoneAreRefused(String size) {
    server.lie(listing -> first(listing).putRawValue("size", new RawValue(size)));

    assertThat(failure()).hasMessageContaining("tells no size and hash");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 50_000_000})
  void sizesThatLieAreFoundOut(int size) {
    server.lie(listing -> first(listing).put("size", size));

    assertThat(failure().kind()).isEqualTo(ZlensException.Kind.DATA);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "7", "{\"sha\":", "<html>", "{\"sha\":null}"})
  void listingsThatAreNoneAreRefused(String text) {
    server.misbehave(
        (request, exchange) -> {
          LoopbackHub.send(exchange, null, text.getBytes(StandardCharsets.UTF_8));
          return true;
        });

    assertThat(failure()).hasMessageStartingWith("what the server says of 'owner/model' ");
  }

  @Test
  void aListingWithoutEndIsNotReadToItsEnd() {
    AtomicInteger megabytes = new AtomicInteger();
    server.misbehave(
        (request, exchange) -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] blanks = new byte[1 << 20];
          Arrays.fill(blanks, (byte) ' ');
          for (int i = 0; i < 1000; i++) {
            exchange.getResponseBody().write(blanks);
            megabytes.incrementAndGet();
          }
          return true;
        });

    assertThat(failure()).hasMessage("the server has no end of things to say of 'owner/model'");
    assertThat(megabytes.get()).isLessThan(200);
  }

  @Test
  void aFileWithoutEndIsNotReadBeyondItsSize() throws IOException {
    server.misbehave(
        (request, exchange) -> {
          if (!request.atStore()) {
            return false;
          }
          exchange.sendResponseHeaders(200, 0);
          for (int i = 0; i < 1000; i++) {
            exchange.getResponseBody().write(LARGE);
          }
          return true;
        });

    assertThat(fetch(server.settings(cache), NAME).path("model.safetensors"))
        .hasBinaryContent(LARGE);
  }

  @Test
  void headersWithoutEndAreNotReadToTheirEnd() {
    server.misbehave(
        (request, exchange) ->
            answer(
                exchange, 200, "X-Long", "x".repeat(3_000_000), "X-Longer", "y".repeat(3_000_000)));

    assertThat(failure().kind()).isEqualTo(ZlensException.Kind.DATA);
  }

  @Test
  void anErrorOfManyWordsIsCutShort() {
    server.misbehave(
        (request, exchange) -> answer(exchange, 418, "X-Error-Message", "word ".repeat(10_000)));

    assertThat(failure()).hasMessage("127.0.0.1 answered 418 to a question for 'owner/model'");
  }

  @Test
  void aFolderThatCannotBeWrittenIsSaidToBe() throws IOException {
    Path file = Files.writeString(cache.resolve("file"), "");

    assertThatThrownBy(() -> fetch(server.settings(file.resolve("below")), NAME))
        .hasMessageStartingWith("the cache cannot be written: ");
  }

  @Test
  void otherPlacesAreNotMistakenForARepository() {
    for (String name : List.of("..", "a/..", "../x", "a/b--c", "a//b", "", "-a/b", "a b/c")) {
      assertThatThrownBy(() -> HubAddress.parse("hf:" + name))
          .as(name)
          .isInstanceOf(ZlensException.class);
    }
  }
}
