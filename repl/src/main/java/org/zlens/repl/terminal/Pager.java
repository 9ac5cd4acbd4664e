package org.zlens.repl.terminal;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.NonBlockingReader;

/**
 * Shows text that is longer than the terminal page by page, through a program of the user's choice
 * or by itself.
 */
final class Pager {
  private static final int KEY_WAIT = 100;

  private final Terminal terminal;
  private final String program;
  private final BooleanSupplier isWanted;
  private volatile boolean showing;
  private volatile boolean stopping;

  /**
   * @param program a command of the shell; empty for no pages at all, null for pages of our own
   * @param isWanted whether the user wants pages at this moment
   */
  Pager(Terminal terminal, String program, BooleanSupplier isWanted) {
    this.terminal = terminal;
    this.program = program;
    this.isWanted = isWanted;
  }

  /** Writes a text to the terminal, page by page if it does not fit. */
  void write(String text) {
    List<AttributedString> lines = lines(text);
    boolean fits = lines.size() < terminal.getHeight() || terminal.getHeight() < 3;
    boolean never = program != null && program.isBlank();
    if (fits || never || !isWanted.getAsBoolean()) {
      print(text);
      return;
    }
    showing = true;
    stopping = false;
    try {
      if (program == null) {
        pages(lines);
      } else {
        pipe(text);
      }
    } finally {
      showing = false;
    }
  }

  /** Ends what is shown now; false if nothing is, so that Ctrl-C is meant for something else. */
  boolean stop() {
    stopping = true;
    return showing;
  }

  private List<AttributedString> lines(String text) {
    int width = terminal.getWidth() > 0 ? terminal.getWidth() : 80;
    return AttributedString.fromAnsi(text.stripTrailing()).columnSplitLength(width);
  }

  private void print(String text) {
    try {
      terminal.output().write(text.getBytes(StandardCharsets.UTF_8));
      terminal.output().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void pipe(String text) {
    Process process;
    try {
      process =
          new ProcessBuilder("sh", "-c", program)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      print(text);
      return;
    }
    try (OutputStream out = process.getOutputStream()) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // Whoever has seen enough ends the program before it has read everything.
      stopping = true;
    }
    boolean ended = false;
    while (!ended) {
      try {
        process.waitFor();
        ended = true;
      } catch (InterruptedException e) {
        // The program has the terminal until it ends.
        ended = !process.isAlive();
      }
    }
  }

  private void pages(List<AttributedString> lines) {
    Attributes before = terminal.enterRawMode();
    try {
      int at = 0;
      int room = terminal.getHeight() - 1;
      while (at < lines.size() && !stopping) {
        int end = Math.min(at + room, lines.size());
        for (; at < end; at++) {
          terminal.writer().println(lines.get(at).toAnsi(terminal));
        }
        room = at < lines.size() ? more(at, lines.size()) : 0;
        if (room == 0) {
          break;
        }
      }
      terminal.flush();
    } finally {
      terminal.setAttributes(before);
    }
  }

  /** Asks for more: how many lines, 0 for no more. */
  private int more(int shown, int all) {
    String question = "-- " + shown + " of " + all + " lines: space, Enter, or q --";
    terminal.writer().print(question);
    terminal.flush();
    try {
      while (!stopping) {
        int key = terminal.reader().read(KEY_WAIT);
        switch (key) {
          case NonBlockingReader.READ_EXPIRED -> {}
          case ' ', 'f' -> {
            return terminal.getHeight() - 1;
          }
          case '\r', '\n', 'j' -> {
            return 1;
          }
          case NonBlockingReader.EOF, 'q', 'Q', 27, 3, 4 -> {
            return 0;
          }
          default -> {}
        }
      }
      return 0;
    } catch (IOException e) {
      return 0;
    } finally {
      terminal.writer().print("\r" + " ".repeat(question.length()) + "\r");
      terminal.flush();
    }
  }
}
