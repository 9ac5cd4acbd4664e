package org.zlens.engine.attribute;

import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * How far a tree of attributions is followed, and through what.
 *
 * @param width sources of a number, and parts of a source, that are followed at most
 * @param depth levels of numbers that are split; those below are leaves
 * @param threshold smallest share of the number above that a part must have to be followed
 * @param via how the stream is split
 * @param heads whether attention outputs are split by head and not by feature
 * @param mlps whether MLPs are followed too: by their transcoders, or made linear
 * @param signed whether parts that take away are followed as those that add are, by their size
 * @param reasons whether followed sources tell why the heads looked there
 */
public record TreeOptions(
    int width,
    int depth,
    double threshold,
    Via via,
    boolean heads,
    boolean mlps,
    boolean signed,
    boolean reasons) {

  /** What leads from a place in the stream to the numbers upstream of it. */
  public enum Via {
    /** The outputs of attentions and MLPs that make up the stream there. */
    ATTENTION,
    /** The features of the residual SAE there, and the outputs that wrote them. */
    RESIDUAL,
    /** Either, side by side: each explains the same number. */
    BOTH
  }

  /** Refuses a tree without nodes. */
  public TreeOptions {
    if (width < 1 || depth < 1 || !(threshold >= 0)) {
      throw new ZlensException(
          Kind.USAGE,
          "width and depth must be at least 1 and the threshold not negative, found "
              + width
              + ", "
              + depth
              + " and "
              + threshold,
          null);
    }
  }

  /** The paper's tree: positive parts, attention features alone. */
  public static TreeOptions of(int width, int depth, double threshold) {
    return new TreeOptions(width, depth, threshold, Via.ATTENTION, false, false, false, false);
  }

  /** The same through residual features, attention outputs or both. */
  public TreeOptions via(Via through) {
    return new TreeOptions(width, depth, threshold, through, heads, mlps, signed, reasons);
  }

  /** The same with attention outputs split by head. */
  public TreeOptions byHead() {
    return new TreeOptions(width, depth, threshold, via, true, mlps, signed, reasons);
  }

  /** The same through the MLPs too. */
  public TreeOptions throughMlps() {
    return new TreeOptions(width, depth, threshold, via, heads, true, signed, reasons);
  }

  /** The same with parts that take away. */
  public TreeOptions bothSigns() {
    return new TreeOptions(width, depth, threshold, via, heads, mlps, true, reasons);
  }

  /** The same with why heads looked where they did. */
  public TreeOptions withReasons() {
    return new TreeOptions(width, depth, threshold, via, heads, mlps, signed, true);
  }

  boolean follows(Part part) {
    return switch (part) {
      case SOURCE, ATTENTION_FEATURE, RESIDUAL_FEATURE, HEAD -> true;
      case MLP_OUT, TRANSCODER_FEATURE, TRANSCODER_SKIP -> mlps;
      default -> false;
    };
  }
}
