package org.zlens.repl.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.repl.SampleCommand;

/** Windows that go without a word leave nothing behind that runs for ever. */
class CutWindowsTest {
  private static final int WINDOWS = 24;

  /** So often in a row no thread of the server has done anything. */
  private static final int IDLE = 20;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @TempDir private static Path folder;

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void theServerComesToRestAndAnswers() throws Exception {
    Set<Long> before = threads();
    try (OpenPage page = new OpenPage(folder, new SampleCommand())) {
      page.typed("sample");
      for (int round = 0; round < 3; round++) {
        List<Socket> windows = new ArrayList<>();
        for (int i = 0; i < WINDOWS; i++) {
          windows.add(window(page));
        }
        for (int i = 0; i < windows.size(); i++) {
          Socket window = windows.get(i);
          if (i % 2 == 0) {
            // At once, with what is still on its way thrown back.
            window.setSoLinger(true, 0);
          } else if (i % 3 == 0) {
            window.shutdownOutput();
          }
          window.close();
        }
        // Those who are gone are told something, twice: the first may still be taken.
        page.typed("sample | top 1 by delta");
        page.typed("1 + 1");
      }
      for (int i = 0; i < WINDOWS; i++) {
        Socket window = window(page);
        window.setSoLinger(true, 0);
        window.close();
      }
      // Nobody reads these, so that the server cannot send all that it has to say.
      List<Socket> deaf = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        deaf.add(window(page));
      }
      String wordy = "1 + 1 # " + "long ".repeat(1500);
      for (int i = 0; i < 1200; i++) {
        page.typed(wordy);
      }
      for (Socket window : deaf) {
        window.setSoLinger(true, 0);
        window.close();
      }
      // Nothing happens in the session: that they have gone is found when they are asked.
      awaitNobodyServed();
      awaitRest(before);
      EventStream window = page.events();
      page.click("2 + 3");
      window.await("value", one -> one.at("/value/value").asInt() == 5);
      assertThat(page.get("").statusCode()).isEqualTo(200);
    }
  }

  /** Opens a window by hand, up to the first of what it is sent. */
  private static Socket window(OpenPage page) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(1 << 10);
    socket.connect(new InetSocketAddress("127.0.0.1", page.address().getPort()));
    String request =
        "GET "
            + page.address().resolve("events").getPath()
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + page.address().getPort()
            + "\r\nAccept: text/event-stream\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    byte[] start = in.readNBytes(12);
    assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
    return socket;
  }

  /** Waits until no thread sends events to anybody. */
  private static void awaitNobodyServed() throws InterruptedException {
    while (Thread.getAllStackTraces().values().stream().anyMatch(CutWindowsTest::serves)) {
      Thread.sleep(50);
    }
  }

  private static boolean serves(StackTraceElement[] stack) {
    return Stream.of(stack)
        .anyMatch(
            frame ->
                frame.getClassName().equals(PageServer.class.getName())
                    && frame.getMethodName().equals("events"));
  }

  /** Waits until the threads that came since stand still; one that spins never does. */
  private static void awaitRest(Set<Long> before) throws InterruptedException {
    Map<Long, Long> last = busy(before);
    int idle = 0;
    while (idle < IDLE) {
      Thread.sleep(50);
      Map<Long, Long> now = busy(before);
      idle = now.equals(last) ? idle + 1 : 0;
      last = now;
    }
  }

  /** Milliseconds of work of each thread that came since, in steps of five. */
  private static Map<Long, Long> busy(Set<Long> before) {
    Map<Long, Long> work = new TreeMap<>();
    long own = Thread.currentThread().getId();
    for (ThreadInfo info : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (info != null && info.getThreadId() != own && !before.contains(info.getThreadId())) {
        long nanoseconds = THREADS.getThreadCpuTime(info.getThreadId());
        work.put(info.getThreadId(), nanoseconds / 5_000_000);
      }
    }
    return work;
  }

  private static Set<Long> threads() {
    return LongStream.of(THREADS.getAllThreadIds()).boxed().collect(Collectors.toSet());
  }
}
