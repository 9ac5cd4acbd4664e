package org.zlens.repl;

import java.util.concurrent.CountDownLatch;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.LivePage;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.repl.explore.Explorer;
import org.zlens.repl.explore.Faces;
import org.zlens.repl.explore.PageCommands;
import org.zlens.repl.output.ErrorPrinter;
import org.zlens.repl.output.Output;
import org.zlens.repl.output.Progress;
import org.zlens.repl.output.TextSink;
import org.zlens.repl.terminal.CommandThread;

/** A session without a terminal whose only face is its page; {@code quit} there ends it. */
final class PageSession {
  private final Registry registry;
  private final TextSink out;
  private final ErrorPrinter errors;
  private final CommandThread commands = new CommandThread();
  private final CountDownLatch ended = new CountDownLatch(1);

  PageSession(Registry registry, TextSink out, ErrorPrinter errors) {
    this.registry = registry;
    this.out = out;
    this.errors = errors;
  }

  /** Opens the page and serves it to the end of the session. */
  int run(Options options) {
    Output output = new Output(out, out, Progress.none(), () -> 0, false);
    Faces faces = new Faces(output);
    Session session = new Session(registry, faces);
    output.follow(session.settings());
    if (options.offline()) {
      session.files().stayOffline();
    }
    if (options.safe()) {
      session.files().makeSafe();
    }
    session.put(LivePage.SLOT, new Explorer(session, faces, page(session, faces)));
    try (commands) {
      try {
        if (options.init() != null) {
          SourceText init = SourceText.read(options.init(), options.init().toString());
          commands.run(() -> new Interpreter(session).run(init));
        }
        commands.run(
            () -> new Interpreter(session).run(new SourceText("explore", options.explore())));
        ended.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        commands.run(session::close);
      }
    }
    return 0;
  }

  private PageCommands page(Session session, Faces faces) {
    return new PageCommands() {
      @Override
      public void submit(String text) {
        commands.submit(() -> runForPage(text, session, faces));
      }

      @Override
      public void cancel() {
        session.cancellation().request();
      }
    };
  }

  private void runForPage(String text, Session session, Faces faces) {
    out.write("page> " + Quoted.printable(text) + "\n");
    try {
      faces.duringPage(() -> new Interpreter(session).run(new SourceText("page", text)));
    } catch (DiagnosticException e) {
      errors.print(e.diagnostic());
    }
    if (session.isQuitting()) {
      ended.countDown();
    }
  }
}
