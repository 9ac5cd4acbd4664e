package org.zlens.engine.io;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** Closing after a failure, when the failure is the news. */
final class Channels {
  private Channels() {}

  static void closeQuietly(FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException ignored) {
        // The failure that brought us here is thrown already.
      }
    }
  }
}
