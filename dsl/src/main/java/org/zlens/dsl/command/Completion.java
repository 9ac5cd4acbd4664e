package org.zlens.dsl.command;

import java.util.List;

/**
 * What could stand at a place of a text.
 *
 * @param start where the word that is being typed begins; a candidate replaces it up to the cursor
 */
public record Completion(int start, List<Candidate> candidates) {
  public Completion {
    candidates = List.copyOf(candidates);
  }
}
