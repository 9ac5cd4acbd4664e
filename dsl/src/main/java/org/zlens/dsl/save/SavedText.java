package org.zlens.dsl.save;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.zlens.engine.io.AtomicFile;

/** Writes a text file in one step. */
final class SavedText {
  private SavedText() {}

  /** What to write. */
  @FunctionalInterface
  interface Content {
    void write(Writer writer) throws IOException;
  }

  static void write(Path path, Content content) {
    AtomicFile.write(
        path,
        channel -> {
          // Not closed: the channel is the caller's, and flushing is what can fail.
          Writer writer =
              new BufferedWriter(
                  new OutputStreamWriter(
                      Channels.newOutputStream(channel), StandardCharsets.UTF_8));
          content.write(writer);
          writer.flush();
        });
  }
}
