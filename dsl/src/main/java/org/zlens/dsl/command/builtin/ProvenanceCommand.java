package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/** {@code provenance}: how a result came to be. */
public final class ProvenanceCommand implements Command {
  private static final Parameter<String> NAME =
      Parameter.of("name", Types.LABEL, "a variable; the last result without one").optional();

  private static final Signature SIGNATURE =
      Signature.verb("provenance", Group.SESSION, "tell how a result came to be")
          .details(
              """
              The statement and where it stood, what it read (model, SAEs, prompts, metric, \
              variables) with digests of their content, seed, versions and time, and the earlier \
              statements that it rests on with what those read. Digests are SHA-256 of whole files \
              (models, SAEs) or of tokens, labels, answers and tags (prompts). Saved files hold the \
              same.""")
          .parameters(NAME)
          .optionalInput(ValueKind.ANY)
          .result(ValueKind.TREE)
          .varies()
          .example("set | top 2 by name\nprovenance", "of the last result")
          .example("let t = set\nlet few = t | top 2\nprovenance few", "of a variable")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (arguments.has(NAME) && arguments.isKnown(NAME) && !forecast.mayHave(arguments.get(NAME))) {
      throw arguments.fault(
          NAME,
          Kind.NAME,
          "nothing here is named " + Quoted.of(arguments.get(NAME)),
          forecast.variableHint(arguments.get(NAME)));
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    if (arguments.input() != NothingValue.NOTHING) {
      return ProvenanceTree.of(session.provenance());
    }
    if (arguments.has(NAME)) {
      String name = arguments.get(NAME);
      return ProvenanceTree.of(
          session
              .origin(name)
              .orElseThrow(
                  () ->
                      arguments.fault(
                          NAME,
                          Kind.RUNTIME,
                          "no statement made what " + Quoted.of(name) + " holds",
                          null)));
    }
    Provenance last =
        session
            .lastOrigin()
            .orElseThrow(() -> new ZlensException(Kind.RUNTIME, "there is no result yet", null));
    return ProvenanceTree.of(last);
  }
}
