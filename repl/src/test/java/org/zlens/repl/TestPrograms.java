package org.zlens.repl;

/** Opens the program to tests in other packages. */
public final class TestPrograms {
  private TestPrograms() {}

  /** Runs on the streams of this process, with the commands of the tests among the verbs. */
  public static int runAsProcess(String... arguments) {
    return new Application(Streams.ofProcess(), ProgramRun.registry()).run(arguments);
  }
}
