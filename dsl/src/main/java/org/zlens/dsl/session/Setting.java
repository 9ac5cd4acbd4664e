package org.zlens.dsl.session;

import org.zlens.dsl.command.ParameterType;

/**
 * A setting of a session.
 *
 * @param type how its value is written
 * @param initial its value until it is set
 */
public record Setting<T>(String name, ParameterType<T> type, T initial, String summary) {
  // Settings are told apart by their names; what a record does by itself is linked at each start.

  @Override
  public boolean equals(Object other) {
    return other instanceof Setting<?> setting && setting.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
