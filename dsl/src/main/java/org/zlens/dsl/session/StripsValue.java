package org.zlens.dsl.session;

import java.util.List;

/**
 * A table of tokens with a number each, which a person sees as strips of text coloured by it. To
 * everything else it is the table.
 *
 * @param token the name of the column of the tokens' texts
 * @param number the name of the column of numbers
 * @param strip the name of the column that is equal in the rows of one strip, or null if all rows
 *     are one
 */
public record StripsValue(TableValue table, String token, String number, String strip)
    implements Value {
  /** The same with other sentences to show below. */
  public StripsValue withNotes(List<String> notes) {
    return new StripsValue(table.withNotes(notes), token, number, strip);
  }

  @Override
  public ValueKind kind() {
    return ValueKind.TABLE;
  }
}
