package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.engine.SiteNames;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.ErrorAblation;
import org.zlens.engine.intervene.ErrorEdit;
import org.zlens.engine.intervene.FeatureAblation;
import org.zlens.engine.intervene.FeatureEdit;
import org.zlens.engine.intervene.FeatureReplacement;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Replacement;
import org.zlens.engine.intervene.SiteEdit;
import org.zlens.engine.intervene.SiteRule;
import org.zlens.engine.intervene.Splice;
import org.zlens.engine.intervene.Target;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.sae.Sae;

/** What the addresses of an edit mean in the model: features and error terms of SAEs, and sites. */
final class Targets {
  private final Map<Sae, List<Integer>> features =
      new TreeMap<>(Comparator.comparing(Sae::toString));
  private final Set<Sae> errors = new LinkedHashSet<>();
  private final Map<Location, List<Integer>> sites = new LinkedHashMap<>();

  private Targets() {}

  /** Finds what an argument names; a thing that it names twice is an error. */
  static Targets of(
      Workbench bench,
      Arguments arguments,
      Parameter<? extends List<? extends Address>> parameter) {
    Targets targets = new Targets();
    Set<String> seen = new HashSet<>();
    for (Address address : arguments.get(parameter)) {
      if (!seen.add(address.text())) {
        throw arguments.fault(
            parameter, Kind.USAGE, "'" + address.text() + "' is given twice", null);
      }
      try {
        targets.add(bench, address);
      } catch (ZlensException e) {
        throw arguments.fault(parameter, e.kind(), e.getMessage(), e.hint());
      }
    }
    return targets;
  }

  /** The error term of an SAE. */
  static Targets ofError(Sae sae) {
    Targets targets = new Targets();
    targets.errors.add(sae);
    return targets;
  }

  /** Whole sites. */
  static Targets of(Collection<Location> locations) {
    Targets targets = new Targets();
    locations.forEach(location -> targets.add(Target.of(location)));
    return targets;
  }

  private void add(Workbench bench, Address address) {
    SiteNames names = new SiteNames(bench.model().config());
    if (address instanceof Address.Feature || address instanceof Address.ResidualFeature) {
      features
          .computeIfAbsent(SaeAt.of(bench, address), sae -> new ArrayList<>())
          .add(SaeAt.index(address));
    } else if (address instanceof Address.ErrorTerm error) {
      errors.add(
          error.residual()
              ? bench.saes().residual(error.in())
              : bench.saes().attention(error.in()));
    } else if (address instanceof Address.Head head) {
      add(Target.of(Site.Z, head.in(), head.index()));
    } else if (address instanceof Address.HeadSite head) {
      add(names.target(head));
    } else {
      add(Target.of(names.location(address.text())));
    }
  }

  private void add(Target target) {
    List<Integer> heads = sites.get(target.location());
    if (heads != null && heads.isEmpty() != target.heads().isEmpty()) {
      throw new ZlensException(
          Kind.USAGE,
          "'" + target.location().shortName() + "' is given whole and by heads",
          "give one of them");
    }
    sites.computeIfAbsent(target.location(), at -> new ArrayList<>()).addAll(target.heads());
  }

  /** The sites and heads, without features and error terms. */
  List<Target> sites() {
    return sites.entrySet().stream().map(at -> new Target(at.getKey(), at.getValue())).toList();
  }

  /** The locations that all of them lie at. */
  Set<Location> locations() {
    Set<Location> all = new LinkedHashSet<>(sites.keySet());
    features.keySet().forEach(sae -> all.add(sae.location()));
    errors.forEach(sae -> all.add(sae.location()));
    return all;
  }

  /** All of them set to zero. */
  List<Intervention> zero(Where where) {
    List<Intervention> all = new ArrayList<>();
    features.forEach((sae, some) -> all.add(new FeatureAblation(sae, some, where)));
    errors.forEach(sae -> all.add(new ErrorAblation(sae, where)));
    sites().forEach(target -> all.add(new SiteEdit(target, new SiteRule.Zero(), where)));
    return all;
  }

  /** All of them replaced by other values, which may be others at each location. */
  List<Intervention> replace(Function<Location, Replacement> rule, Where where) {
    List<Intervention> all = new ArrayList<>();
    features.forEach(
        (sae, some) ->
            all.add(new FeatureReplacement(sae, some, rule.apply(sae.location()), where)));
    errors.forEach(sae -> all.add(new ErrorEdit(sae, rule.apply(sae.location()), where)));
    sites().forEach(target -> all.add(new SiteEdit(target, rule.apply(target.location()), where)));
    return all;
  }

  /** All of them changed in place: features each by an edit of theirs, the rest by a rule. */
  List<Intervention> change(
      IntFunction<FeatureEdit> ofFeature, Function<Location, SiteRule> rule, Where where) {
    List<Intervention> all = new ArrayList<>();
    features.forEach(
        (sae, some) ->
            all.add(
                new Splice(
                    sae, true, some.stream().map(ofFeature::apply).toList(), Optional.empty())));
    errors.forEach(sae -> all.add(new ErrorEdit(sae, rule.apply(sae.location()), where)));
    sites().forEach(target -> all.add(new SiteEdit(target, rule.apply(target.location()), where)));
    return all;
  }
}
