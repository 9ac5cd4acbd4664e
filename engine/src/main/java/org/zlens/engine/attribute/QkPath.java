package org.zlens.engine.attribute;

/**
 * A step of a stream's way to a query or a key: what a head of an earlier layer moves there from a
 * source position, its attention weight held fixed.
 *
 * @param layer of the head
 * @param head its index
 * @param source where it reads
 */
public record QkPath(int layer, int head, int source) {
  /** For messages and titles, for example {@code L8.H6 from 10}. */
  @Override
  public String toString() {
    return "L" + layer + ".H" + head + " from " + source;
  }
}
