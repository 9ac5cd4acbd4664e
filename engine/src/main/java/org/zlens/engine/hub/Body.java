package org.zlens.engine.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer, read as it comes. No more of it is held than a few pieces, and a
 * connection that brings nothing for too long is an error.
 */
final class Body implements HttpResponse.BodySubscriber<Body>, AutoCloseable {
  private static final int AHEAD = 16;
  private static final Object END = new Object();

  private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
  private final Deque<ByteBuffer> current = new ArrayDeque<>();
  private final Duration silence;
  private volatile Flow.Subscription subscription;
  private volatile boolean closed;
  private boolean ended;

  Body(Duration silence) {
    this.silence = silence;
  }

  @Override
  public CompletionStage<Body> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (closed) {
      given.cancel();
    } else {
      given.request(AHEAD);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> pieces) {
    arrived.add(pieces);
  }

  @Override
  public void onError(Throwable failure) {
    arrived.add(failure);
  }

  @Override
  public void onComplete() {
    arrived.add(END);
  }

  /** Reads some bytes into a part of an array, at least one; -1 at the end. */
  int read(byte[] target, int offset, int length) throws IOException {
    while (!ended && (current.isEmpty() || !current.peek().hasRemaining())) {
      if (current.poll() == null) {
        next();
      }
    }
    if (ended) {
      return -1;
    }
    int count = Math.min(length, current.peek().remaining());
    current.peek().get(target, offset, count);
    return count;
  }

  private void next() throws IOException {
    Object item;
    try {
      item = arrived.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    if (item == null) {
      throw new HttpTimeoutException("nothing came for " + silence.toSeconds() + " s");
    } else if (item == END) {
      ended = true;
    } else if (item instanceof Throwable failure) {
      throw new IOException(failure.getMessage(), failure);
    } else {
      for (Object piece : (List<?>) item) {
        current.add((ByteBuffer) piece);
      }
      subscription.request(1);
    }
  }

  /** The whole of it, or as much as may be. */
  byte[] read(int most) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] some = new byte[1 << 13];
    int count = 0;
    while (all.size() < most && count >= 0) {
      all.write(some, 0, count);
      count = read(some, 0, Math.min(some.length, most - all.size() + 1));
    }
    return all.toByteArray();
  }

  /** Lets go of what has not come yet. */
  @Override
  public void close() {
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
