package org.zlens.dsl.replay;

/**
 * Something that a replay found otherwise than it was recorded.
 *
 * @param line of the statement in the transcript
 * @param statement its text, cut short
 * @param value which of its values, from 1
 * @param row which row of the recorded value, from 1; 0 where no row is meant
 * @param column the column; or what else is compared: "title", "note", "rows"
 * @param size of the difference of two numbers, else NaN
 */
record Difference(
    int line,
    String statement,
    int value,
    int row,
    String column,
    String recorded,
    String now,
    double size) {}
