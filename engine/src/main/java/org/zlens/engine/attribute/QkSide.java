package org.zlens.engine.attribute;

import java.util.Optional;

/**
 * How one side of an attention score is taken apart.
 *
 * @param split how the stream is split
 * @param via the head through which it is looked at, if not as a whole: then the side is what that
 *     head moves from its source, and the stream at the source is split
 */
public record QkSide(StreamSplit split, Optional<QkPath> via) {
  /** The stream where the head reads it. */
  public static QkSide of(StreamSplit split) {
    return new QkSide(split, Optional.empty());
  }

  /** What an earlier head moved there. */
  public QkSide through(int layer, int head, int source) {
    return new QkSide(split, Optional.of(new QkPath(layer, head, source)));
  }
}
