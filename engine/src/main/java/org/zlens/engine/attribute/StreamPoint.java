package org.zlens.engine.attribute;

/**
 * Where in the model the residual stream is read.
 *
 * @param layer the block that reads, the number of blocks for what follows the last
 * @param middle whether it is read after the attention of that block, as its MLP does
 */
record StreamPoint(int layer, boolean middle) {
  /** Before a block, or after all. */
  static StreamPoint before(int layer) {
    return new StreamPoint(layer, false);
  }

  /** Between the attention of a block and its MLP. */
  static StreamPoint middle(int layer) {
    return new StreamPoint(layer, true);
  }

  /** How many attention outputs the stream holds. */
  int attentions() {
    return middle ? layer + 1 : layer;
  }
}
