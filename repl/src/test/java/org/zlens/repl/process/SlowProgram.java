package org.zlens.repl.process;

import org.zlens.repl.TestPrograms;

/** The program with the commands of these tests, to be started as a process. */
final class SlowProgram {
  private SlowProgram() {}

  public static void main(String[] arguments) {
    System.exit(TestPrograms.runAsProcess(arguments));
  }
}
