package org.zlens.engine.attribute;

/**
 * A row of an attribution.
 *
 * @param layer the layer that the part belongs to, -1 if none
 * @param index head or feature, -1 if none
 * @param position source position, -1 if none
 * @param token id of the token there, -1 if none
 * @param activation activation of a feature, NaN for other parts
 * @param contribution what the part adds to the total
 * @param share contribution over the reference of the attribution, usually the total
 */
public record Contribution(
    Part part,
    int layer,
    int index,
    int position,
    int token,
    double activation,
    double contribution,
    double share) {

  /** The same part where it adds something else, to another total. */
  Contribution adding(double other, double total) {
    return new Contribution(part, layer, index, position, token, activation, other, other / total);
  }

  /** The address of a head, feature or component, for example {@code L5.F44256}; or the part. */
  public String name() {
    return part.address(layer, index);
  }
}
