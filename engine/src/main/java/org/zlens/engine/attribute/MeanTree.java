package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.engine.data.Alignment;
import org.zlens.engine.runtime.Progress;

/**
 * A number of each of some prompts followed upstream, as one tree: its parts are at places that the
 * prompts share, such as a label, and each row is the mean over all of the prompts, nothing where a
 * prompt lacks the part. So means of rows sum to means of totals, as rows do in each prompt.
 *
 * <p>Followed is what is largest in the mean, in every prompt that has it. Of one prompt it is that
 * prompt's {@link AttributionTree}, and where everything is followed it is the plain average of the
 * prompts' own trees. A number is the same on whatever path it is met: below it stands the mean
 * over all prompts in which any path leads to it.
 *
 * @param tree with places for positions, -1 for tokens that differ between the prompts, no reasons;
 *     its prompt is that of the first
 * @param places the prompts' positions, of which those of the root are one place
 * @param prompts number of prompts
 * @param spreads of the rows of the root and of what is followed, by the row itself and not by what
 *     it is equal to
 * @param trees one for each prompt, in which the same is followed
 * @param members what the same rows are the means of
 */
public record MeanTree(
    AttributionTree tree,
    Alignment places,
    int prompts,
    Map<Contribution, Spread> spreads,
    List<AttributionTree> trees,
    Map<Contribution, List<Member>> members) {

  /**
   * A number to explain.
   *
   * @param row prompt
   */
  public record Root(TreeRoot what, int row, int position) {}

  /**
   * How a row differs between the prompts.
   *
   * @param prompts number of prompts that have it
   * @param deviation standard deviation of its contribution, zero counted where it is absent
   */
  public record Spread(int prompts, double deviation) {}

  /** What a row is in the tree of one prompt. */
  public record Member(AttributionTree tree, Explained number) {}

  /** Keeps the maps from changing. */
  public MeanTree {
    spreads = Collections.unmodifiableMap(new IdentityHashMap<>(spreads));
    trees = List.copyOf(trees);
    members = Collections.unmodifiableMap(new IdentityHashMap<>(members));
  }

  /**
   * Follows a number in several prompts.
   *
   * @param roots one of each of some prompts of the run, in all of them a number of the same part
   * @param name of the place where they stand, if the prompts do not share one
   * @param places of all prompts of the run
   * @param progress hears of each number that is split, in any prompt
   * @throws org.zlens.engine.ZlensException as {@link AttributionTree#of} does
   */
  public static MeanTree of(
      CleanRun run,
      List<Root> roots,
      String name,
      Alignment places,
      TreeOptions options,
      Progress progress) {
    if (roots.isEmpty()) {
      throw new IllegalArgumentException("the mean of no trees");
    }
    int[] positions = new int[places.places().size()];
    Arrays.fill(positions, -1);
    roots.forEach(root -> positions[root.row()] = root.position());
    Alignment shared = places.joining(name, positions);
    SharedChoice choice = new SharedChoice(options, shared);
    List<AttributionTree> trees;
    long[] done = {0};
    do {
      trees = new ArrayList<>();
      for (Root root : roots) {
        trees.add(
            AttributionTree.of(
                run,
                root.what(),
                root.row(),
                root.position(),
                options,
                choice.of(root.row()),
                (one, total) -> progress.step(++done[0], done[0])));
      }
    } while (choice.choose());
    TreeMean mean = new TreeMean(shared, options, roots.size());
    Explained root = mean.of(trees);
    AttributionTree tree =
        new AttributionTree(
            roots.get(0).what(), root, roots.get(0).row(), root.row().position(), options);
    return new MeanTree(tree, shared, roots.size(), mean.spreads(), trees, mean.members());
  }
}
