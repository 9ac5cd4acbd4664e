package org.zlens.repl;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Standard input, output and error of the process, and which of them are terminals.
 *
 * @param width columns of the terminal that output goes to; 0 if there is none or it is not known
 * @param color whether a terminal may be sent colours
 */
public record Streams(
    InputStream in,
    OutputStream out,
    OutputStream err,
    boolean inIsTerminal,
    boolean outIsTerminal,
    boolean errIsTerminal,
    int width,
    boolean color) {

  /** Those of this process; the launcher knows which are terminals, the JVM only knows of all. */
  static Streams ofProcess() {
    String known = System.getProperty("zlens.terminal");
    Console console = known == null ? System.console() : null;
    return new Streams(
        System.in,
        // System.out would swallow that a disk is full.
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        known == null ? console != null : known.contains("in"),
        known == null ? console != null : known.contains("out"),
        known == null ? console != null : known.contains("err"),
        Integer.getInteger("zlens.columns", 0),
        isColorWanted());
  }

  private static boolean isColorWanted() {
    String none = System.getenv("NO_COLOR");
    String terminal = System.getenv("TERM");
    return (none == null || none.isEmpty()) && terminal != null && !terminal.equals("dumb");
  }
}
