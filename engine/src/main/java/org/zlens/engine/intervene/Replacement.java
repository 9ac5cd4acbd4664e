package org.zlens.engine.intervene;

import java.util.List;
import java.util.Optional;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Tensor;

/**
 * Values become those of other places: of a clean pass over the same prompts, or of a pass over
 * others.
 *
 * @param verb what that is called, for example {@code patch}
 * @param source values of the other pass at the same site, as it has them, {@code [prompt, pos,
 *     ..]}, owned by the caller; empty for the clean pass over the same prompts
 * @param counterparts which of them
 * @param owes what an edit that must act owes; holding values that nobody changes is no error
 */
public record Replacement(
    String verb, Optional<Tensor> source, Counterparts counterparts, Edit.Effect owes)
    implements SiteRule {

  /** Values of another pass. */
  public static Replacement patch(Tensor source, Counterparts counterparts) {
    return new Replacement("patch", Optional.of(source), counterparts, Edit.Effect.MUST_CHANGE);
  }

  /** Values that other places have in the clean pass over the same prompts. */
  public static Replacement own(Counterparts counterparts) {
    return new Replacement("patch", Optional.empty(), counterparts, Edit.Effect.MUST_CHANGE);
  }

  /** Clean values, held while other edits act. */
  public static Replacement freeze(Counterparts own) {
    return new Replacement("freeze", Optional.empty(), own, Edit.Effect.MAY_CHANGE);
  }

  /** Means of the clean pass. */
  public static Replacement mean(Counterparts means) {
    return new Replacement("mean-ablate", Optional.empty(), means, Edit.Effect.MUST_CHANGE);
  }

  /** Values that other prompts of the set have in the clean pass. */
  public static Replacement resample(Counterparts drawn) {
    return new Replacement("resample", Optional.empty(), drawn, Edit.Effect.MUST_CHANGE);
  }

  /** This under another verb. */
  public Replacement called(String other) {
    return new Replacement(other, source, counterparts, owes);
  }

  /** This with values of another pass. */
  public Replacement from(Tensor other) {
    return new Replacement(verb, Optional.of(other), counterparts, owes);
  }

  @Override
  public String describe(String target) {
    return verb + " " + target;
  }

  @Override
  public boolean readsClean() {
    return source.isEmpty();
  }

  @Override
  public Edit.Effect owes(Edit.Effect owed) {
    return owes == Edit.Effect.MAY_CHANGE ? owes : owed;
  }

  @Override
  public Tensor apply(Tensor values, SitePlaces places) {
    Target target = places.target();
    Tensor byPlace = target.byPlace(pass(places.clean(), target.location()));
    if (!target.isByQuery()) {
      return counterparts.values(byPlace, places.cells(), places.batch());
    }
    if (!counterparts.keepsPositions(places.cells(), places.batch())) {
      throw new ZlensException(
          Kind.TYPE,
          describe(target.name()) + " would take keys from other positions than it has",
          "patterns and scores go from a position to the same one alone");
    }
    Tensor rows = counterparts.values(byPlace, places.cells(), places.batch());
    boolean scores = target.location().site() == Site.ATTN_SCORES;
    return keys(rows, values.size(-1), scores ? Double.NEGATIVE_INFINITY : 0);
  }

  /** The values of the pass that they come from. */
  Tensor pass(Activations clean, Location location) {
    return source.orElseGet(() -> clean.get(location));
  }

  /** Keys that either pass has more come after every query, where nothing is attended to. */
  private static Tensor keys(Tensor rows, long keys, double future) {
    long has = rows.size(-1);
    if (has >= keys) {
      return rows.slice(-1, 0, keys);
    }
    long[] shape = rows.shape();
    shape[shape.length - 1] = keys - has;
    return Tensor.cat(List.of(rows, Tensor.full(future, shape)), -1);
  }
}
