package org.zlens.repl.output;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * Text to standard output that notices when it cannot be written: a full disk is an error, a reader
 * that has gone is the quiet end of the program.
 */
public final class TextSink {
  private final Writer writer;

  public TextSink(OutputStream out) {
    this.writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }

  /** Writes a text at once. */
  public void write(CharSequence text) {
    try {
      writer.append(text);
      writer.flush();
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
        throw new ReaderGoneException(e);
      }
      throw new ZlensException(Kind.DATA, "cannot write the results: " + e.getMessage(), null, e);
    }
  }
}
