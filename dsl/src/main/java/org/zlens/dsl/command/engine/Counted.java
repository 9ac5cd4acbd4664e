package org.zlens.dsl.command.engine;

/** Numbers of things in words. */
public final class Counted {
  private Counted() {}

  /** For example {@code 1 pass} or {@code 3 prompts}. */
  public static String of(long number, String one) {
    return of(number, one, one + "s");
  }

  /** The same where more than one have a name of their own, as in {@code 2 passes}. */
  public static String of(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }
}
