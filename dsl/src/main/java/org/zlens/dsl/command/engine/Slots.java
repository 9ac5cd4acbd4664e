package org.zlens.dsl.command.engine;

import org.zlens.dsl.session.Slot;

/** The places of a session for the engine's objects. */
public final class Slots {
  /** The model that everything runs on. */
  public static final Slot<CurrentModel> MODEL = new Slot<>("model", CurrentModel.class);

  /** The SAEs of the current model; emptied when the model changes. */
  public static final Slot<CurrentSaes> SAES = new Slot<>("SAEs", CurrentSaes.class);

  /** The prompts, in tokens of the current model; emptied when the model changes. */
  public static final Slot<CurrentPrompts> PROMPTS = new Slot<>("prompts", CurrentPrompts.class);

  /** The metric that was chosen; empty while the usual one of the prompts counts. */
  public static final Slot<CurrentMetric> METRIC = new Slot<>("metric", CurrentMetric.class);

  /** The edits that 'with' blocks hold in force; empty outside of them. */
  public static final Slot<CurrentEdits> EDITS = new Slot<>("edits", CurrentEdits.class);

  /** The features that are active in the prompts; there is one where somebody types. */
  public static final Slot<PromptActivity> ACTIVITY = new Slot<>("activity", PromptActivity.class);

  /** The text that SAEs are trained on; it stays when the model changes. */
  public static final Slot<CurrentCorpus> CORPUS = new Slot<>("corpus", CurrentCorpus.class);

  /** The text that was last measured on where the statement itself named it. */
  public static final Slot<CurrentCorpus> MEASURED =
      new Slot<>("measured text", CurrentCorpus.class);

  /** The functions of Kotlin scripts that edits are made of. */
  public static final Slot<CurrentFunctions> FUNCTIONS =
      new Slot<>("functions", CurrentFunctions.class);

  private Slots() {}
}
