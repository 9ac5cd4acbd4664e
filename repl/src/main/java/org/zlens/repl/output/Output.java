package org.zlens.repl.output;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.Statement;

/** Shows what a session has to say, in the format that its settings name. */
public final class Output implements ResultListener {
  private final TextSink results;
  private final TextSink messages;
  private final Progress progress;
  private final IntSupplier width;
  private final boolean color;
  private final Map<String, OutputPrinter> printers = new HashMap<>();
  private Settings settings;

  /**
   * @param width columns of the terminal that results go to, 0 where there is none
   * @param color whether results may have colours
   */
  public Output(
      TextSink results, TextSink messages, Progress progress, IntSupplier width, boolean color) {
    this.results = results;
    this.messages = messages;
    this.progress = progress;
    this.width = width;
    this.color = color;
  }

  /** Follows the settings of a session from now on. */
  public void follow(Settings of) {
    settings = of;
  }

  @Override
  public void onValue(Statement statement, Value value, Provenance provenance) {
    progress.clear();
    StringBuilder text = new StringBuilder();
    int rows = Math.toIntExact(settings.get(Settings.ROWS));
    try {
      printer().print(value, provenance, new Page(text, width.getAsInt(), rows, color));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    results.write(text);
  }

  @Override
  public void onNote(String note) {
    progress.clear();
    (printer().isForPeople() ? results : messages).write(note + "\n");
  }

  @Override
  public void onPrint(String text) {
    progress.clear();
    results.write(text);
  }

  @Override
  public void onProgress(String what, long done, long total) {
    progress.show(what, done, total);
  }

  private OutputPrinter printer() {
    return printers.computeIfAbsent(settings.get(Settings.FORMAT), OutputFormat::printer);
  }
}
