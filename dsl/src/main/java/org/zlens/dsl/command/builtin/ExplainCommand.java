package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.BoundStatement;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;

/** {@code explain}: what a statement would do, without doing it. */
public final class ExplainCommand implements Command {
  private static final Parameter<BoundStatement.Pipeline> STATEMENT =
      Parameter.of("statement", Types.STATEMENT, "a verb with its arguments, and any pipes");

  private static final Signature SIGNATURE =
      Signature.verb("explain", Group.SESSION, "tell what a statement would do, and do nothing")
          .details(
              """
              Checks the statement as it would be checked before it runs, then tells of each of \
              its commands the arguments with the defaults filled in, what it takes and gives, what \
              of the session its result hangs on, with digests, and whether the result would come \
              from the cache. Results of commands that only look are kept as long as \
              nothing that they hang on changes; 'set cache' says how many megabytes of them.

              Of a command that runs the model on the prompts it tells the plan too: which passes \
              run, over which layers and positions, at how many places and of how many tokens the \
              logits are read, and about how much time and memory that takes. Explained again \
              after it has run, what it took stands beside that. Times under 0.01 s and \
              amounts of memory under 32 MB are not told apart: the program itself takes as \
              much, and at its first run of a kind more, while it loads and compiles what it \
              needs. To know which features are active and what values other prompts have, the \
              model runs as far as it takes.""")
          .quotes(STATEMENT)
          .result(ValueKind.TREE)
          .varies()
          .example("explain set | top 2 by name", "two commands and what they take and give")
          .example(
              "model sprig; dataset ioi n 4\nfeatures L2 at S2\nexplain features L2 at S2 | top 3",
              "a result that would come from the cache")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    return new Explanation(session).of(arguments.get(STATEMENT));
  }
}
