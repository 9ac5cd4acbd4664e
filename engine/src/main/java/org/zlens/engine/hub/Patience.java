package org.zlens.engine.hub;

import java.time.Duration;

/**
 * How long a server is waited for.
 *
 * @param attempts how often something is tried that brings nothing
 * @param firstWait between the first two attempts; each wait after it is twice as long
 * @param longestWait between two attempts, also where the server asks for more
 * @param silence how long a connection may bring nothing
 */
public record Patience(int attempts, Duration firstWait, Duration longestWait, Duration silence) {
  /** What people are used to. */
  public static final Patience USUAL =
      new Patience(6, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofSeconds(30));

  /** How long to wait after so many attempts that failed, the first being 1. */
  Duration after(int failed) {
    long wait = firstWait.toMillis() << Math.min(failed - 1, 20);
    return Duration.ofMillis(Math.min(wait, longestWait.toMillis()));
  }
}
