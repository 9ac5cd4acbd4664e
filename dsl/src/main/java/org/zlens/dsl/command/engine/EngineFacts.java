package org.zlens.dsl.command.engine;

import java.util.Map;
import org.zlens.dsl.command.Fact;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Known;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.model.ModelConfig;

/** What checks can know of the engine's objects beyond the facts of the language itself. */
public final class EngineFacts {
  /** The sizes of the current model. */
  public static final Fact<ModelConfig> CONFIG = new Fact<>("the sizes of the model");

  /** The number of features of each SAE by its location. */
  public static final Fact<Map<Location, Integer>> SAES = new Fact<>("the SAEs by location");

  /** The name of the current prompts. */
  public static final Fact<String> PROMPTS = new Fact<>("the name of the prompts");

  /** Whether every prompt has an answer pair. */
  public static final Fact<Boolean> ANSWERED = new Fact<>("whether the prompts have answers");

  private static final Fact<?>[] OF_MODEL = {
    Fact.MODEL, Fact.LAYERS, Fact.HEADS, Fact.SITES, CONFIG
  };

  private EngineFacts() {}

  /** Tells that a model of these sizes is current, without SAEs and prompts. */
  public static void knowModel(Forecast forecast, String name, ModelConfig config) {
    forecast.know(Fact.MODEL, name);
    forecast.know(Fact.LAYERS, config.layers());
    forecast.know(Fact.HEADS, config.heads());
    forecast.know(Fact.SITES, new SiteNames(config));
    forecast.know(CONFIG, config);
  }

  /** Tells that there will be a model of which nothing is known. */
  public static void forgetModel(Forecast forecast) {
    forecast.forget(OF_MODEL);
  }

  /** Tells that there are no SAEs. */
  public static void denySaes(Forecast forecast) {
    forecast.deny(SAES, Fact.FEATURES, Fact.RESIDUAL_FEATURES);
  }

  /** Tells that there may be SAEs of which nothing is known. */
  public static void forgetSaes(Forecast forecast) {
    forecast.forget(SAES, Fact.FEATURES, Fact.RESIDUAL_FEATURES);
  }

  /** Tells that there are no prompts. */
  public static void denyPrompts(Forecast forecast) {
    forecast.deny(PROMPTS, ANSWERED, Fact.LABELS);
  }

  /** Refuses a statement that needs a model where there will be none. */
  public static void requireModel(Forecast forecast) {
    if (forecast.ask(Fact.MODEL).isNone()) {
      throw new ZlensException(Kind.NAME, "no model is loaded", "load one first: model sprig");
    }
  }

  /** Refuses a statement that needs a model and SAEs where there will be none. */
  public static void requireSaes(Forecast forecast) {
    requireModel(forecast);
    Known<Map<Location, Integer>> saes = forecast.ask(SAES);
    if (saes.isKnown() && saes.value().map(Map::isEmpty).orElse(true)) {
      throw new ZlensException(
          Kind.NAME, "the model has no SAEs yet", "load some first: sae sprig, or sae \"folder\"");
    }
  }

  /** Refuses a statement that needs a model and prompts where there will be none. */
  public static void requirePrompts(Forecast forecast) {
    requireModel(forecast);
    if (forecast.ask(PROMPTS).isNone()) {
      throw new ZlensException(
          Kind.NAME, "there are no prompts yet", "give one: prompt \"When Ann and Bob\"");
    }
  }
}
