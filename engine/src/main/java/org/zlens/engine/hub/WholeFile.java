package org.zlens.engine.hub;

import java.io.IOException;
import java.util.concurrent.Callable;

/**
 * A file on its way to the disk through one connection, from its first byte to its last: for
 * servers that send no parts, and after what came in parts was wrong.
 */
final class WholeFile implements Callable<Void> {
  private static final int PIECE = 1 << 16;

  private final Source source;
  private final Patience patience;
  private final BlobWriter writer;

  WholeFile(Source source, Patience patience, BlobWriter writer) {
    this.source = source;
    this.patience = patience;
    this.writer = writer;
  }

  @Override
  public Void call() throws IOException {
    return new Retry(patience, source.uri()).of(this::attempt);
  }

  private Void attempt() throws IOException {
    writer.restart();
    byte[] piece = new byte[PIECE];
    try (Answer answer = source.open(0, -1)) {
      while (writer.missing() > 0) {
        int most = (int) Math.min(piece.length, writer.missing());
        int count = answer.body().read(piece, 0, most);
        if (count < 0) {
          throw new IOException("it ended " + writer.missing() + " bytes too early");
        }
        writer.append(piece, count);
      }
    }
    return null;
  }
}
