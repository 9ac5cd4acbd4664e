package org.zlens.engine.attribute;

import java.util.function.IntUnaryOperator;

/**
 * Where in a tree something is split: a number of its own, or what passes on below one.
 *
 * @param above what passes on to this, or the number; null for a number
 * @param part null for a root that is no feature
 * @param level of the number
 */
record TreeTrail(TreeTrail above, Part part, int layer, int index, int position, int level) {
  /** A root that is no feature. */
  static final TreeTrail ROOT = new TreeTrail(null, null, -1, -1, -1, 1);

  /** A number. */
  static TreeTrail number(Contribution at, int level) {
    return new TreeTrail(null, at.part(), at.layer(), at.index(), at.position(), level);
  }

  /** What passes on to this, below it. */
  TreeTrail then(Contribution row) {
    return new TreeTrail(this, row.part(), row.layer(), row.index(), row.position(), level);
  }

  /** The same with other numbers for the positions. */
  TreeTrail at(IntUnaryOperator places) {
    int place = position < 0 ? position : places.applyAsInt(position);
    return new TreeTrail(above == null ? null : above.at(places), part, layer, index, place, level);
  }
}
