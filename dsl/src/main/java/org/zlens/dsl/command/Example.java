package org.zlens.dsl.command;

/**
 * An example of a command: a whole script that runs as it stands, in a session of its own.
 *
 * @param script the statements, one a line
 * @param says what it does
 */
public record Example(String script, String says) {}
