package org.zlens.engine.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;

/** plotly.js, packed so that a page takes under 3 megabytes and not over 11. */
final class PlotLibrary {
  static final String VERSION = "3.3.1";

  /** Lines of an async function of a page that unpack the library and run it. */
  static final String UNPACK =
      """
          const packed = atob(document.getElementById('library').textContent.trim());
          const bytes = Uint8Array.from(packed, c => c.charCodeAt(0));
          const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
          const script = document.createElement('script');
          script.textContent = await new Response(text).text();
          document.head.append(script);\
      """;

  private static final String RESOURCE =
      "/META-INF/resources/webjars/plotly.js-dist/" + VERSION + "/plotly.js";

  /** Base64 of the gzipped source. */
  private final String packed;

  /** The hash that lets a page's security policy name this script and no other. */
  private final String policy;

  private PlotLibrary(byte[] source) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(source);
    }
    packed = Base64.getEncoder().encodeToString(bytes.toByteArray());
    policy = ScriptHash.of(source);
  }

  /** Loaded when the first page is written, and once. */
  private static final class Holder {
    private static final PlotLibrary ONLY = load();
  }

  static PlotLibrary get() {
    return Holder.ONLY;
  }

  String packed() {
    return packed;
  }

  String policy() {
    return policy;
  }

  private static PlotLibrary load() {
    try (InputStream in = PlotLibrary.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("plotly.js " + VERSION + " is not on the class path");
      }
      // The browser reads the script as text: what is hashed must be that text.
      String source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new PlotLibrary(source.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
