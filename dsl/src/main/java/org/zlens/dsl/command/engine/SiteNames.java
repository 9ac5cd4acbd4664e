package org.zlens.dsl.command.engine;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.command.Fact;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.syntax.Address;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Target;
import org.zlens.engine.model.ModelConfig;

/** The hook sites of a model of these sizes, by either of their names. */
public record SiteNames(ModelConfig config) implements Fact.SiteFinder {
  private static final int NEAR = 3;

  @Override
  public void find(String site) {
    if (Address.parse(site) instanceof Address.HeadSite head) {
      target(head);
    } else {
      location(site);
    }
  }

  /** The location of a name; an exception of kind NAME with near names if there is none. */
  public Location location(String site) {
    Location found = Location.parse(site).orElse(null);
    if (found == null) {
      throw new ZlensException(
          Kind.NAME, "no site " + Quoted.of(site) + " in this model", near(site));
    }
    if (found.layer() >= config.layers()) {
      throw new ZlensException(
          Kind.NAME,
          "no layer " + found.layer() + " in this model (it has " + config.layers() + ")",
          "layers run from L0 to L" + (config.layers() - 1));
    }
    return found;
  }

  /** The part of a site that is one head's; an exception of kind NAME if the site has none such. */
  public Target target(Address.HeadSite head) {
    Location location = location("L" + head.in() + "." + head.site());
    Target target = new Target(location, List.of(head.index()));
    boolean shared =
        switch (location.site()) {
          case K, V, K_INPUT, V_INPUT -> true;
          default -> false;
        };
    int count = shared ? config.keyValueHeads() : config.heads();
    if (head.index() >= count) {
      throw new ZlensException(
          Kind.NAME,
          "no head H" + head.index() + " in " + location.shortName() + " (it has " + count + ")",
          "heads run from H0 to H" + (count - 1));
    }
    return target;
  }

  @Override
  public List<String> names() {
    return config.locations().stream().map(Location::shortName).toList();
  }

  private String near(String site) {
    List<String> all = new ArrayList<>(names());
    config.locations().forEach(location -> all.add(location.canonical()));
    List<String> near = Suggestion.nearest(site, all, NEAR);
    if (near.isEmpty()) {
      return "type 'sites' for those there are";
    }
    String last = "'" + near.get(near.size() - 1) + "'?";
    return near.stream()
        .limit(near.size() - 1)
        .map(name -> "'" + name + "'")
        .reduce((a, b) -> a + ", " + b)
        .map(others -> "did you mean " + others + " or " + last)
        .orElse("did you mean " + last);
  }
}
