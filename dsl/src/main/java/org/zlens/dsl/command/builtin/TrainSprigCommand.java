package org.zlens.dsl.command.builtin;

import java.nio.file.Path;
import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Capability;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.train.SprigRecipe;

/** {@code train sprig}: makes the embedded model again from nothing. */
public final class TrainSprigCommand implements Command, Planned {
  private static final Parameter<String> TO =
      Parameter.after("to", "folder", Types.PATH, "where model, SAEs, card and checkpoints go");

  private static final Parameter<Integer> REPEATS =
      Parameter.after("repeats", "tokens", Types.count(), "text of repeats alone, read first")
          .orElse(2_000_000);

  private static final Parameter<Integer> TOKENS =
      Parameter.after("tokens", "tokens", Types.count(), "text of the whole language")
          .orElse(10_000_000);

  private static final Parameter<Integer> VECTORS =
      Parameter.after("vectors", "count", Types.count(), "vectors that each SAE is trained on")
          .orElse(3_000_000);

  private static final Parameter<Integer> WORKERS =
      Parameter.after("workers", "count", Types.count(), "threads").orElse(1);

  private static final Signature SIGNATURE =
      Signature.verb("train sprig", Group.TRAIN, "make the embedded model again from nothing")
          .needs(Capability.WRITE_FILES)
          .details(
              """
              Writes the text, trains the model on it, trains its SAEs, measures both on text that \
              they never saw and writes a card with the figures. About an hour on two cores. A run \
              that was stopped goes on from the last checkpoint in the folder.""")
          .parameters(TO, REPEATS, TOKENS, VECTORS, WORKERS)
          .result(ValueKind.TEXT)
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Path folder = session.output(arguments.get(TO));
    SprigRecipe recipe =
        new SprigRecipe(
            arguments.get(REPEATS),
            arguments.get(TOKENS),
            arguments.get(VECTORS),
            arguments.get(WORKERS));
    recipe.make(
        folder,
        line -> {
          session.cancellation().poll();
          session.listener().onNote(line);
        });
    return new TextValue("made " + folder + ", see " + folder.resolve("CARD.md"));
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    return TrainingCost.sprig(
        (long) arguments.get(REPEATS) + arguments.get(TOKENS),
        arguments.get(VECTORS),
        arguments.get(WORKERS));
  }

  @Override
  public boolean wantsPrompts(Arguments arguments) {
    return false;
  }

  @Override
  public Optional<ModelConfig> ownModel() {
    return Optional.of(SprigRecipe.config());
  }
}
