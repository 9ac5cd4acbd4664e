package org.zlens.repl;

import java.util.concurrent.CountDownLatch;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;

/** {@code slow}: works for a minute unless it is asked to stop, and says how far it is. */
public final class SlowCommand implements Command {
  private static final Signature SIGNATURE =
      Signature.verb("slow", Group.LOOK, "work for a minute").build();

  private final CountDownLatch started = new CountDownLatch(1);

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  /** Counts down when the command runs. */
  public CountDownLatch started() {
    return started;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    started.countDown();
    for (int i = 0; i < 6000; i++) {
      session.cancellation().poll();
      session.listener().onProgress("working", i, 6000);
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return NothingValue.NOTHING;
      }
    }
    return NothingValue.NOTHING;
  }
}
