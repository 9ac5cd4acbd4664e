package org.zlens.engine.report.picture;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import org.zlens.engine.io.AtomicFile;
import org.zlens.engine.report.Plot;
import org.zlens.engine.report.PlotPage;
import org.zlens.engine.report.StripsPage;
import org.zlens.engine.runtime.Progress;

/**
 * Files of pictures: what the button of a page would save, in light colours whatever the screen.
 *
 * @param program the browser that draws
 * @param format of the file
 * @param width of the picture
 * @param height of the picture; tokens as text take the height that they need
 */
public record Picture(Path program, PictureFormat format, int width, int height) {
  /** Points of a PNG for each unit of length, so that it can be printed. */
  public static final int SCALE = 3;

  /** Without what only a reader needs; gives the height that is left. */
  private static final String BARE =
      """
      document.getElementById('theme').remove(),
      Math.ceil(document.querySelector('footer').getBoundingClientRect().bottom)
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Draws a plot into a file, which is written wholly or not at all.
   *
   * @param progress may end the waiting for the browser
   * @throws org.zlens.engine.ZlensException of kind RUNTIME if the browser fails, of kind DATA if
   *     the file cannot be written
   */
  public void write(Plot plot, Path file, Progress progress) {
    try (Browser browser = Browser.open(program, PlotPage.html(plot), width, height, progress)) {
      String name = format.name().toLowerCase(Locale.ROOT);
      int scale = format == PictureFormat.PNG ? SCALE : 1;
      String url =
          browser
              .evaluate("document.copy('%s', %d, %d, %d)".formatted(name, width, height, scale))
              .asText();
      byte[] content = content(url);
      AtomicFile.write(file, channel -> writeAll(channel, content));
    }
  }

  /** Draws tokens as text into a PNG file, which is written wholly or not at all. */
  public void write(StripsPage strips, Path file, Progress progress) {
    if (format != PictureFormat.PNG) {
      throw new IllegalArgumentException("tokens as text have no " + format);
    }
    try (Browser browser = Browser.open(program, strips.html(), width, height, progress)) {
      double needed = browser.evaluate(BARE).asDouble();
      ObjectNode what = JSON.createObjectNode().put("format", "png");
      what.put("captureBeyondViewport", true);
      what.putObject("clip")
          .put("x", 0)
          .put("y", 0)
          .put("width", width)
          .put("height", needed)
          .put("scale", SCALE);
      byte[] content =
          Base64.getDecoder()
              .decode(browser.ask("Page.captureScreenshot", what).path("data").asText());
      AtomicFile.write(file, channel -> writeAll(channel, content));
    }
  }

  private static void writeAll(FileChannel channel, byte[] content) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** What stands in a {@code data:} address. */
  private static byte[] content(String url) {
    int comma = url.indexOf(',');
    String body = url.substring(comma + 1);
    return url.startsWith("base64", Math.max(0, comma - 6))
        ? Base64.getDecoder().decode(body)
        : URLDecoder.decode(body.replace("+", "%2B"), StandardCharsets.UTF_8)
            .getBytes(StandardCharsets.UTF_8);
  }
}
