package org.zlens.dsl.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers that a study has come to, by name, in the order in which it did. */
public final class Findings implements SessionObject {
  /** Where a session keeps them. */
  public static final Slot<Findings> SLOT = new Slot<>("findings", Findings.class);

  private final Map<String, Double> numbers = new LinkedHashMap<>();

  /** Those of a session, which has none at first. */
  public static Findings of(Session session) {
    return session
        .find(SLOT)
        .orElseGet(
            () -> {
              Findings none = new Findings();
              session.put(SLOT, none);
              return none;
            });
  }

  /** Keeps a number; false if there is one of that name already, which stays. */
  public boolean add(String name, double number) {
    return numbers.putIfAbsent(name, number) == null;
  }

  /** All of them by name. */
  public Map<String, Double> numbers() {
    return Collections.unmodifiableMap(numbers);
  }

  @Override
  public boolean shapesResults() {
    return false;
  }
}
