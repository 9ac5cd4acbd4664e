package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.List;

/** Collects the rows of an attribution whose shares are parts of one reference. */
final class Rows {
  private final CleanRun run;
  private final int row;
  private final double reference;
  private final List<Contribution> rows = new ArrayList<>();

  Rows(CleanRun run, int row, double reference) {
    this.run = run;
    this.row = row;
    this.reference = reference;
  }

  /** A part without index or position. */
  void add(Part part, int layer, double value) {
    add(part, layer, -1, -1, Double.NaN, value);
  }

  /** A part at a position. */
  void at(Part part, int layer, int index, int position, double value) {
    add(part, layer, index, position, Double.NaN, value);
  }

  /** A part of the stream with what it adds. */
  void add(StreamMap.Image image, double value) {
    add(image.part(), image.layer(), image.index(), image.position(), image.activation(), value);
  }

  void add(Part part, int layer, int index, int position, double activation, double value) {
    int token = position < 0 ? -1 : run.token(row, position);
    rows.add(
        new Contribution(
            part, layer, index, position, token, activation, value, value / reference));
  }

  List<Contribution> list() {
    return rows;
  }
}
