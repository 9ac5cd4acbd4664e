package org.zlens.repl;

/** The program. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new Application(Streams.ofProcess()).run(arguments));
  }
}
