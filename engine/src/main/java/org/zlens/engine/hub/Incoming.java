package org.zlens.engine.hub;

/** A file that is being downloaded: what is of it on the disk, and from where the rest is asked. */
final class Incoming implements AutoCloseable {
  private static final int SEGMENT = 8 << 20;

  private final HubFile file;
  private final BlobLock lock;
  private final BlobWriter writer;
  private final Source source;
  private final Patience patience;
  private final boolean resumed;
  private long next;

  Incoming(HubFile file, BlobLock lock, BlobWriter writer, Source source, Patience patience) {
    this.file = file;
    this.lock = lock;
    this.writer = writer;
    this.source = source;
    this.patience = patience;
    this.next = writer.position();
    this.resumed = next > 0;
  }

  HubFile file() {
    return file;
  }

  BlobWriter writer() {
    return writer;
  }

  /** Whether another download began it. */
  boolean isResumed() {
    return resumed;
  }

  /** Whether there are parts that nobody fetches yet. */
  boolean hasMore() {
    return next < file.size();
  }

  /**
   * The next part to be fetched.
   *
   * @param spare room of a part that is put down already, or null
   */
  Segment segment(byte[] spare) {
    int length = (int) Math.min(SEGMENT, file.size() - next);
    byte[] room = spare != null && spare.length >= length ? spare : new byte[length];
    Segment segment = new Segment(source, patience, next, room, length, length == file.size());
    next += length;
    return segment;
  }

  /** All of it, in one piece; there are no more parts then. */
  WholeFile whole() {
    next = file.size();
    return new WholeFile(source, patience, writer);
  }

  @Override
  public void close() {
    writer.close();
    lock.close();
  }
}
