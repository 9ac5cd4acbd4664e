package org.zlens.dsl.session;

/**
 * A place in the session for one current object of a type: the model, its SAEs, the prompts.
 *
 * <p>Commands that set up and commands that use an object share its slot as a constant; the session
 * itself knows none of them.
 */
public record Slot<T extends SessionObject>(String name, Class<T> type) {}
