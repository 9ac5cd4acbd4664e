package org.zlens.dsl.command.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.EditingCommand;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.io.FileHash;

/** An edit that a block holds in force, and what it has done so far. */
final class HeldEdit {
  private final EditingCommand command;
  private final Arguments arguments;
  private final String text;
  private final String content;
  private int passes;
  private boolean changed;
  private boolean changedSinceNoted;

  /**
   * Finds the places of an edit in the current prompts.
   *
   * @param text how the script writes it
   */
  HeldEdit(EditingCommand command, Arguments arguments, String text, Session session) {
    this.command = command;
    this.arguments = arguments;
    this.text = text;
    // Variables may stand in the text; what was made of them tells two edits apart.
    this.content =
        command.edits(arguments, session).stream()
            .map(Object::toString)
            .collect(Collectors.joining("\n"));
  }

  /** What it does to the current prompts, which may be others than those it was first made for. */
  List<Intervention> interventions(Session session) {
    try {
      return command.edits(arguments, session);
    } catch (Fault fault) {
      // Its place may be in another source than the command that runs now.
      throw failure(fault.kind(), fault.getMessage(), fault.hint(), fault);
    } catch (ZlensException e) {
      throw failure(e.kind(), e.getMessage(), e.hint(), e);
    }
  }

  private ZlensException failure(Kind kind, String message, String hint, RuntimeException cause) {
    String whole = "the edit " + Quoted.of(text) + " is in force, but " + message;
    return new ZlensException(kind, whole, hint, cause);
  }

  /** How the script writes it. */
  String text() {
    return text;
  }

  /** Hears that a pass made it. */
  void ran(double change) {
    passes++;
    changed |= change > 0;
    changedSinceNoted |= change > 0;
  }

  /** Whether a pass has reached it. */
  boolean fired() {
    return passes > 0;
  }

  /** Whether it has changed anything. */
  boolean changed() {
    return changed;
  }

  /** The text, with a word on whether it did anything since it was last asked. */
  String note() {
    boolean acted = changedSinceNoted;
    changedSinceNoted = false;
    return acted ? text : text + " (which changed nothing here)";
  }

  ProvenanceInput input() {
    return new ProvenanceInput(
        "edit", text, FileHash.sha256(content.getBytes(StandardCharsets.UTF_8)));
  }
}
