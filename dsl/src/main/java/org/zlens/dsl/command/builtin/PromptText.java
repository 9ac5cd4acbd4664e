package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.ProvenanceLines;
import org.zlens.dsl.session.Session;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.graph.GraphText;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.model.LanguageModel;

/** One of the session's prompts, as what graphs are of. */
final class PromptText {
  private PromptText() {}

  /** The prompt of a number with its tokens. */
  static GraphText of(Workbench bench, Session session, int number) {
    LanguageModel model = bench.model();
    Prompt prompt = bench.prompts().prompts().get(number);
    List<String> pieces = new ArrayList<>();
    for (int id : prompt.tokens().ids()) {
      pieces.add(bench.piece(id));
    }
    return new GraphText(
        model.name(),
        model.config().layers(),
        prompt.text(),
        pieces,
        ProvenanceLines.of(session.provenance()));
  }

  /** The number that was given, where there are so many prompts. */
  static int number(Arguments arguments, Parameter<Integer> parameter, int count) {
    int number = arguments.get(parameter);
    if (number >= count) {
      throw arguments.fault(
          parameter,
          Kind.NAME,
          "no prompt " + number + ": there are " + count,
          "prompts run from 0 to " + (count - 1));
    }
    return number;
  }
}
