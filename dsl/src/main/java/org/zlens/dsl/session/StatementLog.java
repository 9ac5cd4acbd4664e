package org.zlens.dsl.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Stage;
import org.zlens.dsl.syntax.Statement;

/** The statements of a session that have run to their end, so that recording may begin late. */
public final class StatementLog implements StatementListener {
  private static final int MOST_CHARACTERS = 4 << 20;

  private static final Set<String> VERBS = Set.of("exit", "explore", "quit", "record");

  private final List<String> statements = new ArrayList<>();
  private int characters;
  private boolean complete = true;

  @Override
  public void onEnd(Statement statement, SourceText source) {
    if (isAboutTheSession(statement)) {
      return;
    }
    String text = text(statement, source);
    characters += text.length();
    if (characters > MOST_CHARACTERS) {
      complete = false;
      statements.clear();
    } else {
      statements.add(text);
    }
  }

  /**
   * A statement so that it does the same when it runs again: as it was given, but a parameter with
   * the value that it had, an included file with its whole path, and what comes from the hub with
   * the commit that it was of.
   */
  public static String text(Statement statement, SourceText source) {
    boolean standsNowhere = statement.span().start() == statement.span().end();
    return statement instanceof Statement.Param
            || statement instanceof Statement.Include
            || standsNowhere
        ? Printer.print(statement)
        : source.slice(statement.span());
  }

  /**
   * Whether a statement starts or ends a transcript, shows the session or ends it: no part of a
   * study.
   */
  public static boolean isAboutTheSession(Statement statement) {
    return statement instanceof Statement.Pipeline pipeline
        && pipeline.stages().get(0) instanceof Stage.Call call
        && VERBS.contains(call.verb());
  }

  /** The statements in the order they ran. */
  public List<String> statements() {
    return Collections.unmodifiableList(statements);
  }

  /** Whether none was forgotten; sessions of many megabytes of statements are not kept. */
  public boolean isComplete() {
    return complete;
  }
}
