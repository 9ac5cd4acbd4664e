package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.SiteNames;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TensorData;
import org.zlens.dsl.session.TensorValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.runtime.Tensor;

/** {@code capture}: the values at sites while the model runs on the prompts. */
public final class CaptureCommand implements Command, Planned {
  private static final long MOST_NUMBERS = 250_000_000;

  private static final Parameter<List<Address.Site>> SITES =
      Parameter.of("site", Types.SITE, "sites such as L1.z").many().optional();

  private static final Parameter<Boolean> ALL =
      Parameter.flag("all", "every site but those on demand");

  private static final Signature SIGNATURE =
      Signature.verb("capture", Group.LOOK, "keep the values at sites as tensors")
          .details(
              """
              The tensors have TransformerLens's names and a batch axis in front, also for one \
              prompt. Prompts of different lengths are filled up on the right to the longest; \
              what stands in the filling means nothing.""")
          .oneOf(ALL, SITES)
          .result(ValueKind.TENSOR)
          .pure()
          .example(
              "model sprig; prompt \"Then, Ann and Bob\"; capture L1.z L2.pattern", "two tensors")
          .example(
              "model sprig; prompt \"Then, Ann and Bob\"; capture all | save \"all.safetensors\"",
              "all of them, to a file that other programs read")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requirePrompts(forecast);
    Optional<ModelConfig> config = forecast.ask(EngineFacts.CONFIG).value();
    if (config.isPresent() && arguments.has(SITES) && arguments.isKnown(SITES)) {
      locations(arguments, config.get());
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    ModelConfig config = bench.model().config();
    PromptSet prompts = bench.prompts();
    Batch batch = bench.batch();
    session.cancellation().poll();
    Activations kept =
        bench.transformer().forward(batch.tokens(), hooks(arguments, config).withoutLogits());
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    long numbers = 0;
    for (Location location : kept.locations()) {
      session.cancellation().poll();
      Tensor values = kept.get(location);
      numbers += values.elements();
      if (numbers > MOST_NUMBERS) {
        throw new ZlensException(
            Kind.RUNTIME,
            "these sites hold over " + MOST_NUMBERS + " numbers on " + prompts.size() + " prompts",
            "capture fewer sites, or work on fewer prompts");
      }
      tensors.put(location.canonical(), new TensorData(values.shape(), values.floats()));
    }
    List<String> notes =
        batch.isRagged()
            ? List.of("shorter prompts are filled up to " + batch.positions() + " positions")
            : List.of();
    return new TensorValue("activations of " + prompts.name(), tensors, notes);
  }

  private static List<Location> locations(Arguments arguments, ModelConfig config) {
    SiteNames names = new SiteNames(config);
    List<Location> locations = new ArrayList<>();
    for (Address.Site site : arguments.get(SITES)) {
      try {
        locations.add(names.location(site.text()));
      } catch (ZlensException e) {
        throw arguments.fault(SITES, e.kind(), e.getMessage(), e.hint());
      }
    }
    return locations;
  }

  private static Hooks hooks(Arguments arguments, ModelConfig config) {
    return arguments.get(ALL)
        ? Hooks.none().captureAll(config)
        : Hooks.none().capture(locations(arguments, config).toArray(Location[]::new));
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Hooks hooks = hooks(arguments, bench.model().config()).withoutLogits();
    // What is kept is copied for the session.
    return bench.wholeEstimate(hooks).holding(bench.keptBytes(hooks));
  }
}
