package org.zlens.dsl.command.engine;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Span;
import org.zlens.dsl.syntax.Stage;

/** Makes calls that name what is on the hub mean the same whatever is put there later. */
public final class Revisions {
  /** The word before a revision. */
  public static final String WORD = "revision";

  private static final Span NOWHERE = new Span(0, 0);

  private Revisions() {}

  /** A call that says which commit it means, in place of a branch or tag if it says one. */
  public static Stage.Call pinned(Stage.Call call, String commit) {
    List<Expression> arguments = new ArrayList<>(call.arguments());
    Expression revision = new Expression.Text(NOWHERE, commit);
    for (int i = 0; i + 1 < arguments.size(); i++) {
      if (arguments.get(i) instanceof Expression.Word word && word.text().equals(WORD)) {
        arguments.set(i + 1, revision);
        return with(call, arguments);
      }
    }
    arguments.add(new Expression.Word(NOWHERE, WORD, false));
    arguments.add(revision);
    return with(call, arguments);
  }

  private static Stage.Call with(Stage.Call call, List<Expression> arguments) {
    return new Stage.Call(call.span(), call.verbSpan(), call.verb(), arguments);
  }
}
