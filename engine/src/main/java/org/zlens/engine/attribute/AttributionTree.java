package org.zlens.engine.attribute;

import java.util.List;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.Explained.Split;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.ActiveFeatures;
import org.zlens.engine.sae.Sae;

/**
 * A number of one pass followed upstream, from number to source position to earlier number
 * (paper-spec A.9, Appendix N): patterns, norm scales, activations and errors all come from one
 * clean run and are held fixed.
 *
 * <p>The numbers that are met, and what each is the sum of, are {@link Explained}. Followed are the
 * sources with the largest contributions, ties going to the lower position, and of the parts of a
 * source those with the largest positive contributions, ties going to the lower layer, then to the
 * lower index; or, where both signs count, the largest by size. Each split of each number is
 * checked to add up.
 *
 * <p>MLPs end the paper's tree. With {@link TreeOptions#mlps} it goes on: through the features of a
 * transcoder, whose pre-activations are linear in the stream under the norm's fixed scale, and
 * through its skip; or through the MLP made linear ({@link Explained#measured} tells how far that
 * is true). So it can reach the embeddings.
 *
 * @param root the number explained
 * @param prompt row of the run
 * @param position where it stands
 */
public record AttributionTree(
    TreeRoot what, Explained root, int prompt, int position, TreeOptions options) {
  /**
   * Follows a number.
   *
   * @param run a run up to the layer of the number; of all of the model for a logit
   * @param row prompt
   * @param progress hears of each number that is split; how many there are is not known before
   * @throws ZlensException of kind RUNTIME if it is a feature that is not active there, naming
   *     those that are, or one that an edit in force has set
   */
  public static AttributionTree of(
      CleanRun run, TreeRoot what, int row, int position, TreeOptions options, Progress progress) {
    return of(run, what, row, position, options, new LargestParts(options), progress);
  }

  /** The same with another choice of what is followed. */
  static AttributionTree of(
      CleanRun run,
      TreeRoot what,
      int row,
      int position,
      TreeOptions options,
      TreeChoice choice,
      Progress progress) {
    run.require(row, position);
    TreeBuilder builder = new TreeBuilder(run, row, options, choice, progress);
    Explained root;
    if (what instanceof TreeRoot.AttentionFeature feature) {
      Sae sae = run.saes().attention(feature.layer());
      Contribution at = active(run, sae, Part.ATTENTION_FEATURE, feature.feature(), row, position);
      root = builder.attentionFeature(at, 1);
    } else if (what instanceof TreeRoot.ResidualFeature feature) {
      Sae sae = run.saes().residual(feature.layer());
      Contribution at = active(run, sae, Part.RESIDUAL_FEATURE, feature.feature(), row, position);
      root = builder.residualFeature(at, 1);
    } else if (what instanceof TreeRoot.Logit logit) {
      Readout readout = readout(run, logit, row, position);
      root =
          root(
              run,
              row,
              logit.other().isPresent() ? Part.LOGIT_DIFFERENCE : Part.LOGIT,
              -1,
              logit.other().isPresent() ? -1 : logit.answer(),
              position,
              readout.total(),
              builder.splits(readout, 1));
    } else {
      root = head(run, builder, (TreeRoot.Head) what, row, position);
    }
    double own = root.total();
    Contribution at = root.row();
    Contribution whole =
        new Contribution(
            at.part(), at.layer(), at.index(), position, at.token(), at.activation(), own, 1);
    return new AttributionTree(
        what, Explained.of(whole, 1, own, root.splits()), row, position, options);
  }

  /** The number alone; for a feature its activation. */
  public static double value(CleanRun run, TreeRoot what, int row, int position) {
    if (what instanceof TreeRoot.AttentionFeature feature) {
      Sae sae = run.saes().attention(feature.layer());
      sae.requireFeature(feature.feature());
      return run.activation(sae, feature.feature(), row, position);
    } else if (what instanceof TreeRoot.ResidualFeature feature) {
      Sae sae = run.saes().residual(feature.layer());
      sae.requireFeature(feature.feature());
      return run.activation(sae, feature.feature(), row, position);
    } else if (what instanceof TreeRoot.Logit logit) {
      return readout(run, logit, row, position).total();
    }
    TreeRoot.Head head = (TreeRoot.Head) what;
    float[] written = output(run, head.layer(), head.head(), row, position);
    return head.read().isPresent()
        ? Readout.dot(written, readout(run, head.read().get(), row, position).direction())
        : Readout.norm(written);
  }

  private static Readout readout(CleanRun run, TreeRoot.Logit logit, int row, int position) {
    return LogitAttribution.readout(
        run, row, position, logit.answer(), logit.other(), LogitScale.FINAL);
  }

  private static Contribution active(
      CleanRun run, Sae sae, Part part, int feature, int row, int position) {
    sae.requireFeature(feature);
    double activation = run.activation(sae, feature, row, position);
    if (activation <= 0) {
      try (Scope scope = Scope.open()) {
        throw ActiveFeatures.inactive(sae, feature, run.read(sae, row, position));
      }
    }
    if (run.isEdited(sae, feature, row, position)) {
      throw new ZlensException(
          Kind.RUNTIME,
          sae.address(feature) + " is what an edit in force has made it, not what came upstream",
          "ask for it outside the 'with' block");
    }
    int token = run.token(row, position);
    return new Contribution(
        part, sae.location().layer(), feature, position, token, activation, activation, 1);
  }

  private static Explained head(
      CleanRun run, TreeBuilder builder, TreeRoot.Head head, int row, int position) {
    int heads = run.config().heads();
    int layer = head.layer();
    if (head.head() < 0 || head.head() >= heads) {
      throw new ZlensException(
          Kind.NAME,
          "no head L" + layer + ".H" + head.head(),
          "heads run from H0 to H" + (heads - 1));
    }
    if (run.isEdited(Site.Z, layer) || run.isEdited(Site.RESULT, layer)) {
      throw new ZlensException(
          Kind.RUNTIME,
          "what L" + layer + ".H" + head.head() + " writes is what an edit in force has made it",
          "ask for it outside the 'with' block");
    }
    float[] written = output(run, layer, head.head(), row, position);
    float[] direction = direction(run, head, row, position);
    double total =
        head.read().isPresent() ? Readout.dot(written, direction) : Readout.norm(written);
    String what = "L" + layer + ".H" + head.head() + " at " + position;
    Split split = builder.head(what, layer, head.head(), position, direction, total, total, 1);
    return root(run, row, Part.HEAD, layer, head.head(), position, total, List.of(split));
  }

  /** The direction of the stream along which a head is explained, {@code [d_model]}. */
  static float[] direction(CleanRun run, TreeRoot.Head head, int row, int position) {
    if (head.read().isPresent()) {
      return readout(run, head.read().get(), row, position).direction();
    }
    float[] direction = output(run, head.layer(), head.head(), row, position);
    double norm = Readout.norm(direction);
    for (int i = 0; i < direction.length; i++) {
      direction[i] = (float) (direction[i] / norm);
    }
    return direction;
  }

  /** What a head writes, {@code [d_model]}. */
  private static float[] output(CleanRun run, int layer, int head, int row, int position) {
    try (Scope scope = Scope.open()) {
      int size = run.config().dHead();
      Tensor z =
          run.activations()
              .get(Site.Z, layer)
              .select(0, row)
              .select(0, position)
              .slice(0, head, head + 1L);
      Tensor out = run.block(layer).wO().slice(0, (long) head * size, (head + 1L) * size);
      return run.attentionAdds(layer, row, position, z.matmul(out)).reshape(-1).floats();
    }
  }

  private static Explained root(
      CleanRun run,
      int row,
      Part part,
      int layer,
      int index,
      int position,
      double total,
      List<Split> splits) {
    int token = run.token(row, position);
    Contribution at = new Contribution(part, layer, index, position, token, Double.NaN, total, 1);
    return Explained.of(at, 1, total, splits);
  }
}
