package org.zlens.engine.intervene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * What a change does to the queries, keys or values of some heads and through them alone: those
 * heads get what they would get under the change, everything else stays as it is until their output
 * (paper-spec D-Fig16b).
 *
 * <p>A first pass makes the change and keeps what arrives at the receivers, by the paths that are
 * open; the pass that is measured puts that into the receivers of a model without the change.
 */
public final class PathPatch {
  /** By which paths the change reaches the receivers. */
  public enum Through {
    /** By the residual stream alone: attention and MLPs in between stay clean. */
    NOTHING,
    /** Through MLPs in between too; attention stays clean. */
    MLPS,
    /** Through all that lies in between. */
    ALL
  }

  private static final Set<Site> INPUTS = Set.of(Site.Q, Site.K, Site.V);

  private final Transformer model;
  private final Batch batch;
  private final List<Intervention> change;
  private final List<Target> receivers;
  private final Through through;
  private final boolean rescales;

  private PathPatch(
      Transformer model,
      Batch batch,
      List<? extends Intervention> change,
      List<Target> receivers,
      Through through,
      boolean rescales) {
    this.model = model;
    this.batch = batch;
    this.change = List.copyOf(change);
    this.receivers = List.copyOf(receivers);
    this.through = through;
    this.rescales = rescales;
  }

  /**
   * Runs the first pass.
   *
   * @param batch all prompts
   * @param change what is changed; unless it passes through everything it lies in one attention or
   *     MLP block, since what lies in between is told from there
   * @param receivers heads of q, k or v in later blocks
   * @param rescales whether the norms before the receivers follow the change, instead of keeping
   *     their clean scale; they always do where it passes through everything
   * @return the interventions to measure, whose values belong to the open scope
   * @throws ZlensException if the change changes nothing, or a receiver is no input of heads or
   *     comes before it
   */
  public static List<Intervention> of(
      Transformer model,
      Batch batch,
      List<? extends Intervention> change,
      List<Target> receivers,
      Through through,
      boolean rescales) {
    return new PathPatch(model, batch, change, receivers, through, rescales).interventions();
  }

  private List<Intervention> interventions() {
    List<Location> senders =
        change.stream().flatMap(one -> one.touches().stream()).map(Touch::location).toList();
    int after = senders.stream().mapToInt(PathPatch::blockAfter).max().orElseThrow();
    requireReceivers(after);
    if (through != Through.ALL
        && senders.stream().mapToInt(PathPatch::blockAfter).distinct().count() > 1) {
      throw new ZlensException(
          Kind.USAGE,
          "the changes lie in several blocks, so that the paths of one would pass another",
          "one block at a time, or let them pass through everything");
    }
    Counterparts own = Counterparts.own(places());
    List<Intervention> held =
        held(senders, receivers, through, rescales).stream()
            .<Intervention>map(
                location ->
                    new SiteEdit(Target.of(location), Replacement.freeze(own), Where.everywhere()))
            .toList();
    Set<Location> reads = new LinkedHashSet<>();
    held.forEach(one -> reads.addAll(one.reads()));
    change.forEach(one -> reads.addAll(one.reads()));
    Map<Location, Tensor> arrived = new LinkedHashMap<>();
    try (Scope scope = Scope.open()) {
      Activations clean =
          model.forward(
              batch.tokens(), Hooks.none().capture(reads.toArray(Location[]::new)).withoutLogits());
      Location[] arrive = receivers.stream().map(Target::location).toArray(Location[]::new);
      Hooks hooks = Hooks.none().capture(arrive).withoutLogits();
      for (Intervention one : change) {
        hooks = hooks.edit(one.edits(clean, batch));
      }
      for (Intervention one : held) {
        hooks = hooks.edit(one.edits(clean, batch));
      }
      Activations changed = model.forward(batch.tokens(), hooks);
      for (Location at : arrive) {
        arrived.put(at, scope.keep(changed.get(at)));
      }
    }
    String verb =
        change.stream().map(Intervention::name).collect(Collectors.joining(", ")) + ", into";
    return receivers.stream()
        .<Intervention>map(
            receiver ->
                new SiteEdit(
                    receiver,
                    Replacement.patch(arrived.get(receiver.location()), own).called(verb),
                    Where.everywhere()))
        .toList();
  }

  private List<int[]> places() {
    return Arrays.stream(batch.lengths())
        .mapToObj(length -> IntStream.range(0, length).toArray())
        .toList();
  }

  private void requireReceivers(int after) {
    for (Target receiver : receivers) {
      Location at = receiver.location();
      if (!INPUTS.contains(at.site())) {
        throw new ZlensException(
            Kind.USAGE,
            "'" + receiver.name() + "' is no input of heads",
            "a path ends at q, k or v, such as L3.H5.v");
      }
      if (2 * at.layer() < after) {
        throw new ZlensException(
            Kind.USAGE,
            "'" + receiver.name() + "' comes before what is changed, so that nothing arrives there",
            "receivers lie in later layers");
      }
    }
  }

  /**
   * What keeps its clean values while the change passes to the receivers.
   *
   * @param senders where the change is
   */
  public static List<Location> held(
      Collection<Location> senders, List<Target> receivers, Through through, boolean rescales) {
    int after = senders.stream().mapToInt(PathPatch::blockAfter).max().orElseThrow();
    List<Location> held = new ArrayList<>();
    int last = receivers.stream().mapToInt(receiver -> receiver.location().layer()).max().orElse(0);
    for (int layer = 0; layer < last; layer++) {
      if (through != Through.ALL && 2 * layer >= after) {
        held.add(Location.of(Site.ATTN_OUT, layer));
      }
      if (through == Through.NOTHING && 2 * layer + 1 >= after) {
        held.add(Location.of(Site.MLP_OUT, layer));
      }
    }
    if (!rescales && through != Through.ALL) {
      receivers.stream()
          .map(receiver -> Location.of(Site.LN1_SCALE, receiver.location().layer()))
          .distinct()
          .forEach(held::add);
    }
    return held;
  }

  /**
   * The first block that reads what a location leaves in the residual stream: 2n is the attention
   * of layer n, 2n + 1 its MLP.
   */
  private static int blockAfter(Location location) {
    if (!location.site().inBlock()) {
      return 0;
    }
    int attention = 2 * location.layer();
    if (location.site() == Site.RESID_PRE) {
      return attention;
    }
    return location.site().ordinal() <= Site.RESID_MID.ordinal() ? attention + 1 : attention + 2;
  }
}
