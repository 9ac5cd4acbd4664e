package org.zlens.dsl.session;

import org.zlens.dsl.command.ParameterType;

/**
 * A setting of a session.
 *
 * @param type how its value is written
 * @param initial its value until it is set
 */
public record Setting<T>(String name, ParameterType<T> type, T initial, String summary) {}
