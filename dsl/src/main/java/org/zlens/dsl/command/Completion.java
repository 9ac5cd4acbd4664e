package org.zlens.dsl.command;

import java.util.List;

/**
 * What could stand at a place of a text.
 *
 * @param start where the word that is being typed begins; a candidate replaces it up to the cursor
 * @param typed what there is of the word already
 * @param candidates all that could stand there, whether or not it begins with what is typed, in the
 *     order in which they should be shown
 */
public record Completion(int start, String typed, List<Candidate> candidates) {
  public Completion {
    candidates = List.copyOf(candidates);
  }

  /** The candidates that begin with what is typed. */
  public List<Candidate> fitting() {
    return candidates.stream().filter(c -> c.text().startsWith(typed)).toList();
  }
}
