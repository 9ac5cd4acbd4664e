package org.zlens.engine.plan;

import java.util.Locale;

/** Amounts of memory as people write them. */
public final class Bytes {
  private static final long MEGABYTE = 1_000_000;
  private static final long GIGABYTE = 1_000 * MEGABYTE;

  private Bytes() {}

  /** For example {@code 1.5 GB} or {@code 12 MB}. */
  public static String text(long bytes) {
    if (bytes >= GIGABYTE) {
      return String.format(Locale.ROOT, "%.3g GB", (double) bytes / GIGABYTE);
    }
    return bytes >= 10 * MEGABYTE
        ? bytes / MEGABYTE + " MB"
        : String.format(Locale.ROOT, "%.2g MB", (double) bytes / MEGABYTE);
  }

  /** A round amount that is no smaller, for example {@code 13MB}. */
  public static String atLeast(long bytes) {
    return (bytes + MEGABYTE - 1) / MEGABYTE + "MB";
  }
}
