package org.zlens.engine.report;

/**
 * What an axis shows.
 *
 * @param label the name of the quantity
 * @param unit its unit, or an empty text if it has none
 */
public record Axis(String label, String unit) {
  /** The label with its unit, as the picture writes it: {@code delta (logits)}. */
  public String title() {
    return unit.isEmpty() ? label : label + " (" + unit + ")";
  }
}
