package org.zlens.engine.intervene;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Tensor;

/**
 * What an edit of a site replaces at each place: all of its values there, or those of some heads.
 *
 * <p>A place of a pattern or of attention scores is a query: its values are those of all keys,
 * {@code [head, key]}.
 *
 * @param heads indices in the site, in any order; none for all of its values
 */
public record Target(Location location, List<Integer> heads) {
  /** Checks that heads are asked of a site that has them, each once. */
  public Target {
    heads = heads.stream().sorted().toList();
    if (!heads.isEmpty() && !hasHeads(location.site())) {
      throw new ZlensException(
          Kind.NAME,
          "'" + location.shortName() + "' has no heads",
          "sites with heads are "
              + Arrays.stream(Site.values())
                  .filter(Target::hasHeads)
                  .map(Site::shortName)
                  .collect(Collectors.joining(", ")));
    }
    if (heads.stream().distinct().count() < heads.size()) {
      throw new ZlensException(Kind.USAGE, "a head is given twice", null);
    }
  }

  /** All values of a site. */
  public static Target of(Location location) {
    return new Target(location, List.of());
  }

  /** Some heads of a site, for example of {@code v}. */
  public static Target of(Site site, int layer, int... heads) {
    return new Target(Location.of(site, layer), IntStream.of(heads).boxed().toList());
  }

  /** Whether the values of a site fall into heads. */
  public static boolean hasHeads(Site site) {
    return site.perHead() || byQuery(site);
  }

  private static boolean byQuery(Site site) {
    return site == Site.PATTERN || site == Site.ATTN_SCORES;
  }

  /** Whether the values at a place are spread over keys. */
  public boolean isByQuery() {
    return byQuery(location.site());
  }

  /** How a script writes it: {@code L2.mlp_out}, or {@code L2.H3.z}. */
  public String name() {
    String site = location.site().shortName();
    return heads.isEmpty()
        ? location.shortName()
        : heads.stream()
            .map(head -> "L" + location.layer() + ".H" + head + "." + site)
            .collect(Collectors.joining(", "));
  }

  /** The values of the site laid out by place, {@code [batch, pos, ..]}. */
  Tensor byPlace(Tensor values) {
    return isByQuery() ? values.permute(0, 2, 1, 3) : values;
  }

  /** The values {@code [batch, pos, ..]} laid out as the site has them. */
  Tensor asSite(Tensor byPlace) {
    return isByQuery() ? byPlace.permute(0, 2, 1, 3) : byPlace;
  }

  /** New values {@code [.., head, d]} for these heads, the old ones for the others. */
  Tensor only(Tensor before, Tensor after) {
    if (!Arrays.equals(before.shape(), after.shape())) {
      throw new ZlensException(
          Kind.TYPE,
          "values of shape "
              + Arrays.toString(after.shape())
              + " do not fit "
              + name()
              + ", where "
              + Arrays.toString(before.shape())
              + " is expected",
          null);
    }
    return heads.isEmpty() ? after : mask(before).where(after, before);
  }

  /** New values but for keys after their query, which no edit of a pattern may let in. */
  Tensor causal(Tensor before, Tensor after, SitePlaces places) {
    if (!isByQuery()) {
      return after;
    }
    Cells queries = places.cells();
    int keys = Math.toIntExact(before.size(-1));
    float[] future = new float[queries.size() * keys];
    for (int i = 0; i < queries.size(); i++) {
      int first = places.batch().offset((int) queries.row()[i]) + (int) queries.position()[i] + 1;
      Arrays.fill(future, Math.min(i * keys + first, (i + 1) * keys), (i + 1) * keys, 1);
    }
    return Tensor.of(future, queries.size(), 1, keys).gt(0.5).where(before, after);
  }

  private Tensor mask(Tensor values) {
    int count = Math.toIntExact(values.size(-2));
    float[] mask = new float[count];
    for (int head : heads) {
      if (head < 0 || head >= count) {
        throw new ZlensException(
            Kind.NAME,
            "no head H" + head + " in " + location.shortName() + " (it has " + count + ")",
            "heads run from H0 to H" + (count - 1));
      }
      mask[head] = 1;
    }
    return Tensor.of(mask, count, 1).gt(0.5);
  }
}
