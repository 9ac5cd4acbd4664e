package org.zlens.dsl.command.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.zlens.dsl.command.BoundStage;
import org.zlens.dsl.command.EditingCommand;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.SessionObject;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Standing;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;

/** The edits that the open blocks hold in force, those of the outermost block first. */
public final class CurrentEdits implements SessionObject {
  private static final int MOST = 256;

  private final List<HeldEdit> held = new ArrayList<>();
  private boolean used;

  private CurrentEdits() {}

  /** The edits of a session; none before its first block. */
  public static CurrentEdits of(Session session) {
    return session
        .find(Slots.EDITS)
        .orElseGet(
            () -> {
              CurrentEdits none = new CurrentEdits();
              session.put(Slots.EDITS, none);
              return none;
            });
  }

  /** How many are in force. */
  public int size() {
    return held.size();
  }

  /**
   * Puts one more in force.
   *
   * @param text how the script writes it
   * @throws ZlensException if the model or the prompts lack a place
   */
  public void hold(BoundStage.Call edit, String text, Session session) {
    if (held.size() == MOST) {
      throw new ZlensException(
          Kind.RUNTIME,
          "more than " + MOST + " edits in force at once",
          "one 'ablate' takes many features");
    }
    held.add(
        new HeldEdit(
            (EditingCommand) edit.command(),
            edit.complete(NothingValue.NOTHING, session),
            text,
            session));
  }

  /** Lifts all but so many of them, the innermost first. */
  public void liftTo(int size, Session session) {
    held.subList(size, held.size()).clear();
    if (held.isEmpty()) {
      session.clear(Slots.EDITS);
    }
  }

  /**
   * The model under them.
   *
   * @param model the model as it was loaded
   * @param prompts all prompts
   */
  Standing on(Transformer model, Batch prompts, Session session) {
    used = true;
    return on(model, prompts, session, held.size());
  }

  private Standing on(Transformer model, Batch prompts, Session session, int count) {
    List<HeldEdit> some = List.copyOf(held.subList(0, count));
    return new Standing(
        model,
        prompts,
        some.stream().map(edit -> edit.interventions(session)).toList(),
        (step, change) -> some.get(step).ran(change));
  }

  /**
   * Refuses an edit that has done nothing at the end of its block.
   *
   * @param number its number among those in force
   */
  public void requireActed(int number, Session session) {
    HeldEdit edit = held.get(number);
    if (edit.changed()) {
      return;
    }
    if (!edit.fired()) {
      throw new ZlensException(
          Kind.RUNTIME,
          Quoted.of(edit.text()) + " never fired: nothing in the block ran the model so far",
          "verbs such as 'logits' run all of it");
    }
    String message = Quoted.of(edit.text()) + " changed nothing in the block";
    try {
      insist(number, session);
    } catch (ZlensException e) {
      throw new ZlensException(e.kind(), message + ": " + e.getMessage(), e.hint(), e);
    }
    throw new ZlensException(
        Kind.RUNTIME, message, "what it sets was so already, or not in the prompts that ran");
  }

  /** Makes an edit once on the current prompts as one that must act, so that it says why not. */
  private void insist(int number, Session session) {
    List<Intervention> each = held.get(number).interventions(session);
    if (each.stream().anyMatch(intervention -> !intervention.reads().isEmpty())) {
      return;
    }
    try (Scope scope = Scope.open()) {
      Workbench bench = Workbench.of(session);
      Batch prompts = Batch.of(bench.prompts());
      List<Edit> strict = each.stream().flatMap(i -> i.edits(null, prompts).stream()).toList();
      on(bench.model().transformer(), prompts, session, number)
          .model()
          .forward(prompts.tokens(), Hooks.none().edit(strict).withoutLogits());
    }
  }

  @Override
  public List<String> remarks() {
    if (!used) {
      return List.of();
    }
    used = false;
    return List.of(
        "under edits: " + held.stream().map(HeldEdit::note).collect(Collectors.joining(", ")));
  }

  /** An edit that never acts is an error, which a result from the cache would hide or feign. */
  @Override
  public boolean mustSeeRuns() {
    return !held.isEmpty();
  }

  @Override
  public List<ProvenanceInput> inputs() {
    return held.stream().map(HeldEdit::input).toList();
  }
}
