package org.zlens.repl;

/** The program. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    quickenTables();
    System.exit(new Application(Streams.ofProcess()).run(arguments));
  }

  /**
   * Tablesaw looks through every jar of the class path for readers of file formats, none of which
   * we use, before it makes its first table. Where it finds no class path that takes no time.
   */
  static void quickenTables() {
    System.setProperty("java.class.path", "");
  }
}
