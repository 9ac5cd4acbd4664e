package org.zlens.dsl.command.engine;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.session.Value;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.plan.WholePass;
import org.zlens.engine.runtime.Scope;

/** Prompts that a variable holds, and what the model makes of them without any edits. */
public final class OtherPrompts {
  private final Workbench bench;
  private final PromptSet set;

  private OtherPrompts(Workbench bench, PromptSet set) {
    this.bench = bench;
    this.set = set;
  }

  /** The prompts that an argument names. */
  public static OtherPrompts of(Workbench bench, Arguments arguments, Parameter<Value> parameter) {
    if (!(arguments.get(parameter) instanceof CurrentPrompts held)) {
      throw arguments.fault(
          parameter,
          Kind.TYPE,
          "expected prompts, found " + arguments.get(parameter).kind().phrase(),
          "let other = dataset ioi n 8");
    }
    int vocabulary = bench.model().config().dVocab();
    boolean fits =
        held.set().longest() <= bench.model().config().context()
            && held.set().prompts().stream()
                .flatMapToInt(prompt -> Arrays.stream(prompt.tokens().ids()))
                .allMatch(id -> id < vocabulary);
    if (!fits) {
      throw arguments.fault(
          parameter, Kind.TYPE, "these prompts are not of this model", "draw them again");
    }
    return new OtherPrompts(bench, held.set());
  }

  public PromptSet set() {
    return set;
  }

  /** Their values at some locations, {@code [prompt, pos, ..]}. */
  public Activations values(Collection<Location> locations) {
    try (Scope scope = Scope.open()) {
      Activations pass =
          bench.model().transformer().forward(Batch.of(set).tokens(), hooks(locations));
      pass.locations().forEach(at -> scope.keep(pass.get(at)));
      return pass;
    }
  }

  /** What it takes to have these, and then to do something with them. */
  public Estimate estimate(Collection<Location> locations, Estimate then) {
    ModelConfig config = bench.model().config();
    WholePass pass = WholePass.of(config, set.size(), set.longest(), hooks(locations));
    long held = set.size() * WholePass.keptBytes(config, set.longest(), locations);
    return Estimate.of(List.of(pass), 1).of("other prompts").then(then.holding(held));
  }

  private static Hooks hooks(Collection<Location> locations) {
    return Hooks.none().capture(locations.toArray(Location[]::new)).withoutLogits();
  }
}
