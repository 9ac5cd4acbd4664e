package org.zlens.repl.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Time that a body takes on the processor, which other load on the machine adds little to; for
 * bodies that stay on their own thread.
 */
final class CpuTime {
  private CpuTime() {}

  static double milliseconds(Runnable body) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    body.run();
    return (threads.getCurrentThreadCpuTime() - start) / 1e6;
  }
}
