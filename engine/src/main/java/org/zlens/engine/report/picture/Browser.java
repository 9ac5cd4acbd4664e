package org.zlens.engine.report.picture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.FolderTree;
import org.zlens.engine.runtime.Progress;

/**
 * A browser without a window that shows one page. It has a profile of its own in a temporary folder
 * and no network, and is spoken to over pipes, so that nobody else on the machine can reach it.
 */
final class Browser implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;
  private static final long END_SECONDS = 5;
  private static final int MOST_SAID = 2000;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The browser reads what is asked of it at 3 and answers at 4. */
  private static final String PIPES = "exec \"$0\" \"$@\" 3<&0 4>&1 1>&2";

  private final Path folder;
  private final Process process;
  private final Progress progress;
  private final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final Deque<byte[]> messages = new ArrayDeque<>();
  private int asked;
  private String page;

  private Browser(Path folder, Process process, Progress progress) {
    this.folder = folder;
    this.process = process;
    this.progress = progress;
  }

  /**
   * Starts a browser and has it open a page.
   *
   * @param progress may end the waiting
   * @throws ZlensException of kind RUNTIME if that cannot be done
   */
  static Browser open(Path program, String html, int width, int height, Progress progress) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("zlens-picture");
      Path file = Files.writeString(folder.resolve("page.html"), html);
      Process process =
          new ProcessBuilder(command(program, folder))
              .redirectError(folder.resolve("said").toFile())
              .start();
      Browser browser = new Browser(folder, process, progress);
      try {
        browser.show(file, width, height);
        return browser;
      } catch (RuntimeException e) {
        browser.close();
        throw e;
      }
    } catch (IOException e) {
      delete(folder);
      throw new ZlensException(
          Kind.RUNTIME, "the browser '" + program + "' does not start: " + e.getMessage(), null, e);
    }
  }

  private static List<String> command(Path program, Path folder) {
    String sandbox =
        // The browser refuses to run as root otherwise; it reads nothing but our own page.
        System.getProperty("user.name").equals("root") ? "--no-sandbox" : "--disable-sync";
    return List.of(
        "sh",
        "-c",
        PIPES,
        program.toString(),
        "--headless=new",
        "--remote-debugging-pipe",
        "--user-data-dir=" + folder.resolve("profile"),
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--disable-gpu",
        "--disable-extensions",
        "--disable-background-networking",
        "--hide-scrollbars",
        "--mute-audio",
        "--no-default-browser-check",
        "--no-first-run",
        sandbox,
        "about:blank");
  }

  private void show(Path file, int width, int height) {
    ObjectNode target = JSON.createObjectNode().put("url", "about:blank");
    String opened = ask("Target.createTarget", target).path("targetId").asText();
    ObjectNode attach = JSON.createObjectNode().put("targetId", opened).put("flatten", true);
    page = ask("Target.attachToTarget", attach).path("sessionId").asText();
    ask("Page.enable", JSON.createObjectNode());
    ObjectNode light = JSON.createObjectNode();
    light
        .putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", "light");
    ask("Emulation.setEmulatedMedia", light);
    ObjectNode size = JSON.createObjectNode().put("width", width).put("height", height);
    ask(
        "Emulation.setDeviceMetricsOverride",
        size.put("deviceScaleFactor", 1).put("mobile", false));
    send("Page.navigate", JSON.createObjectNode().put("url", file.toUri().toString()));
    await("Page.loadEventFired");
  }

  /**
   * What an expression of the page comes to, once it is there.
   *
   * @throws ZlensException of kind RUNTIME if the page fails
   */
  JsonNode evaluate(String expression) {
    ObjectNode what = JSON.createObjectNode().put("expression", expression);
    JsonNode answer =
        ask("Runtime.evaluate", what.put("awaitPromise", true).put("returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw fault("the page failed: " + answer.at("/exceptionDetails/exception/description"));
    }
    return answer.at("/result/value");
  }

  /** Asks the browser for something and gives its answer. */
  JsonNode ask(String method, ObjectNode parameters) {
    int id = send(method, parameters);
    while (true) {
      JsonNode message = next(method);
      if (message.path("id").asInt() == id) {
        if (message.has("error")) {
          throw fault("the browser refused " + method + ": " + message.at("/error/message"));
        }
        return message.path("result");
      }
    }
  }

  private int send(String method, ObjectNode parameters) {
    ObjectNode message = JSON.createObjectNode().put("id", ++asked).put("method", method);
    message.set("params", parameters);
    if (page != null) {
      message.put("sessionId", page);
    }
    try {
      OutputStream out = process.getOutputStream();
      out.write(JSON.writeValueAsBytes(message));
      out.write(0);
      out.flush();
      return asked;
    } catch (IOException e) {
      throw fault("the browser has ended");
    }
  }

  private void await(String event) {
    while (!next(event).path("method").asText().equals(event)) {
      // What else is told is of no use.
    }
  }

  /** The next message: they end with a zero. */
  private JsonNode next(String what) {
    try {
      InputStream in = process.getInputStream();
      while (true) {
        if (!messages.isEmpty()) {
          return JSON.readTree(messages.remove());
        }
        int there = in.available();
        if (there > 0) {
          split(in.readNBytes(there));
          continue;
        }
        if (!process.isAlive()) {
          throw fault("the browser has ended");
        } else if (System.nanoTime() > end) {
          throw fault("the browser gave no answer in " + PATIENCE_SECONDS + " s to " + what);
        }
        progress.step(0, 0);
        Thread.sleep(2);
      }
    } catch (IOException e) {
      throw fault("the browser does not speak: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ZlensException(Kind.INTERRUPTED, "interrupted", null, e);
    }
  }

  private void split(byte[] bytes) {
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        received.write(bytes, start, i - start);
        messages.add(received.toByteArray());
        received.reset();
        start = i + 1;
      }
    }
    received.write(bytes, start, bytes.length - start);
  }

  private ZlensException fault(String what) {
    String said = "";
    try {
      said = Files.readString(folder.resolve("said"), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      // Then nothing is known of why.
    }
    String start = said.length() <= MOST_SAID ? said : said.substring(said.length() - MOST_SAID);
    return new ZlensException(
        Kind.RUNTIME,
        what,
        (start.isEmpty() ? "" : "it said: " + start.replaceAll("\\s+", " ") + "; ")
            + BrowserProgram.VARIABLE
            + " names another one, and a page (.html) saves its picture by a button");
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    children.forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      for (ProcessHandle child : children) {
        if (child.isAlive()) {
          child.destroyForcibly();
        }
      }
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    delete(folder);
  }

  /** Whatever of a profile cannot be deleted stays for the system to clear away. */
  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try {
      FolderTree.delete(folder);
    } catch (IOException e) {
      folder.toFile().deleteOnExit();
    }
  }
}
