package org.zlens.dsl.command;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Something that a {@link Forecast} may know. Commands may declare their own facts as constants.
 *
 * @param summary what it says, for readers of the code
 */
public record Fact<T>(String summary) {
  /** The name of the current model. */
  public static final Fact<String> MODEL = new Fact<>("the name of the current model");

  /** The number of layers of the current model. */
  public static final Fact<Integer> LAYERS = new Fact<>("the number of layers of the model");

  /** The number of heads in a layer of the current model. */
  public static final Fact<Integer> HEADS = new Fact<>("the number of heads in a layer");

  /** Features of the attention-output SAE of each layer that has one. */
  public static final Fact<Map<Integer, Integer>> FEATURES =
      new Fact<>("features of the attention SAE by layer");

  /** Features of the residual SAE before each block that has one. */
  public static final Fact<Map<Integer, Integer>> RESIDUAL_FEATURES =
      new Fact<>("features of the residual SAE by layer");

  /** The labels that positions of the current prompts have. */
  public static final Fact<Set<String>> LABELS = new Fact<>("the labels of the prompts");

  /** The features that are active in the current prompts, as far as they have been looked for. */
  public static final Fact<ActiveFeatures> ACTIVE = new Fact<>("the features that are active");

  /** How the current model finds a hook site. */
  public static final Fact<SiteFinder> SITES = new Fact<>("the hook sites of the model");

  /** Knows which features are active. */
  public interface ActiveFeatures {
    /** Those of the attention SAE of a layer, or of the residual SAE before it, strongest first. */
    List<Candidate> in(int layer, boolean residual);
  }

  /** Finds hook sites of a model by either of their names. */
  public interface SiteFinder {
    /**
     * Throws {@link org.zlens.engine.ZlensException}, with near names, if there is no such site.
     */
    void find(String site);

    /** The short names of all sites, for completion. */
    Iterable<String> names();
  }
}
