package org.zlens.dsl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.session.AddressValue;
import org.zlens.dsl.session.ListValue;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.dsl.syntax.Span;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/** Reads addresses of some sorts and holds them against the model, as far as that is known. */
final class AddressType<A extends Address> implements ParameterType<A> {
  private final String expected;
  private final ArgumentForm form;
  private final List<Class<? extends A>> sorts;
  private final Class<A> type;

  AddressType(String expected, ArgumentForm form, Class<A> type, List<Class<? extends A>> sorts) {
    this.expected = expected;
    this.form = form;
    this.type = type;
    this.sorts = List.copyOf(sorts);
  }

  @Override
  public String expected() {
    return expected;
  }

  @Override
  public A read(Expression e, Reading reading) {
    Address address = address(e, reading);
    if (address == null || !isWanted(address)) {
      return null;
    }
    check(address, e.span(), reading.forecast());
    return type.cast(address);
  }

  private boolean isWanted(Address address) {
    for (Class<? extends A> sort : sorts) {
      if (sort.isInstance(address)) {
        return true;
      }
    }
    return false;
  }

  private Address address(Expression e, Reading reading) {
    if (e instanceof Expression.AddressLiteral literal) {
      return literal.address();
    }
    Value value = reading.value(e);
    if (value instanceof ListValue list && list.column() != null && !list.values().isEmpty()) {
      value = list.values().get(0);
    }
    if (value instanceof AddressValue held) {
      return held.address();
    }
    // Cells of tables hold addresses as text, so that 'ablate feature best.feature' works.
    String text = value instanceof TextValue held ? held.text() : null;
    if (text == null && takesSites()) {
      text = siteName(e);
    }
    try {
      return text == null ? null : Address.parse(text);
    } catch (NumberFormatException tooLarge) {
      return null;
    }
  }

  /** Sites at the model's top have names without a layer, such as {@code hook_embed}. */
  private static String siteName(Expression e) {
    if (e instanceof Expression.Word word) {
      return word.text();
    }
    return e instanceof Expression.Dotted dotted ? dotted.text() : null;
  }

  private boolean takesSites() {
    return sorts.contains(Address.Site.class);
  }

  private static void check(Address address, Span span, Forecast forecast) {
    Known<Integer> layers = forecast.ask(Fact.LAYERS);
    if (layers.isNone()) {
      throw new Fault(
          Kind.NAME,
          span,
          "no model is loaded that could have " + Quoted.of(address.text()),
          "load one first: model sprig");
    }
    if (layers.value().isPresent() && address.layer().isPresent()) {
      int layer = address.layer().getAsInt();
      int count = layers.value().get();
      if (layer >= count) {
        String model = forecast.ask(Fact.MODEL).value().map(Quoted::printable).orElse("the model");
        throw new Fault(
            Kind.NAME,
            span,
            "no layer " + layer + " in " + model + " (it has " + count + ")",
            "layers run from L0 to L" + (count - 1));
      }
    }
    if (address instanceof Address.Head head) {
      checkHead(head, span, forecast.ask(Fact.HEADS));
    } else if (address instanceof Address.Feature feature) {
      checkFeature(
          "attention", "F", feature.in(), feature.index(), span, forecast.ask(Fact.FEATURES));
    } else if (address instanceof Address.ResidualFeature feature) {
      checkFeature(
          "residual",
          "R",
          feature.in(),
          feature.index(),
          span,
          forecast.ask(Fact.RESIDUAL_FEATURES));
    } else if (address instanceof Address.HeadSite head) {
      checkSite(head, span, forecast.ask(Fact.SITES));
    } else if (address instanceof Address.ErrorTerm error) {
      checkError(
          error, span, forecast.ask(error.residual() ? Fact.RESIDUAL_FEATURES : Fact.FEATURES));
    } else if (address instanceof Address.Site site) {
      checkSite(site, span, forecast.ask(Fact.SITES));
    }
  }

  private static void checkHead(Address.Head head, Span span, Known<Integer> heads) {
    if (heads.value().isPresent() && head.index() >= heads.value().get()) {
      int count = heads.value().get();
      throw new Fault(
          Kind.NAME,
          span,
          "no head H" + head.index() + " in layer " + head.in() + " (it has " + count + ")",
          "heads run from H0 to H" + (count - 1));
    }
  }

  private static void checkFeature(
      String sae,
      String sign,
      int layer,
      int index,
      Span span,
      Known<Map<Integer, Integer>> sizes) {
    if (!sizes.isKnown()) {
      return;
    }
    Integer count = sizes.value().map(all -> all.get(layer)).orElse(null);
    if (count == null) {
      throw new Fault(
          Kind.NAME,
          span,
          "layer " + layer + " has no " + sae + " SAE",
          "load one with 'sae'; type 'help sae'");
    }
    if (index >= count) {
      throw new Fault(
          Kind.NAME,
          span,
          "no feature "
              + sign
              + index
              + " in the "
              + sae
              + " SAE of layer "
              + layer
              + " (it has "
              + count
              + ")",
          "features run from " + sign + "0 to " + sign + (count - 1));
    }
  }

  private static void checkError(
      Address.ErrorTerm error, Span span, Known<Map<Integer, Integer>> sizes) {
    if (sizes.isKnown() && !sizes.value().map(all -> all.containsKey(error.in())).orElse(false)) {
      throw new Fault(
          Kind.NAME,
          span,
          "layer "
              + error.in()
              + " has no "
              + (error.residual() ? "residual" : "attention")
              + " SAE",
          "load one with 'sae'; type 'help sae'");
    }
  }

  private static void checkSite(Address site, Span span, Known<Fact.SiteFinder> finder) {
    if (finder.value().isPresent()) {
      try {
        finder.value().get().find(site.text());
      } catch (ZlensException e) {
        throw new Fault(e.kind(), span, e.getMessage(), e.hint());
      }
    }
  }

  @Override
  public ArgumentForm form() {
    return form;
  }

  @Override
  public boolean accepts(ValueKind kind) {
    return kind == ValueKind.ADDRESS
        || kind == ValueKind.TEXT
        || kind == ValueKind.LIST
        || kind == ValueKind.ANY;
  }

  @Override
  public List<Candidate> candidates(Forecast forecast) {
    return candidates(forecast, "");
  }

  /** All of one layer once the layer is typed; nobody picks one of thousands from a list. */
  @Override
  public List<Candidate> candidates(Forecast forecast, String typed) {
    List<Candidate> all = new ArrayList<>();
    int layers = forecast.ask(Fact.LAYERS).value().orElse(0);
    int heads = forecast.ask(Fact.HEADS).value().orElse(0);
    for (int layer = 0; layer < layers; layer++) {
      boolean chosen = typed.startsWith("L" + layer + ".");
      if (sorts.contains(Address.Layer.class)) {
        all.add(new Candidate("L" + layer, "layer " + layer));
      }
      if (sorts.contains(Address.Head.class)) {
        addHeads(all, layer, heads, chosen || sorts.size() == 1);
      }
      addFeatures(all, Address.Feature.class, layer, chosen, forecast);
      addFeatures(all, Address.ResidualFeature.class, layer, chosen, forecast);
    }
    if (takesSites()) {
      forecast
          .ask(Fact.SITES)
          .value()
          .ifPresent(sites -> sites.names().forEach(name -> all.add(new Candidate(name, "site"))));
    }
    return all;
  }

  private static void addHeads(List<Candidate> all, int layer, int heads, boolean each) {
    String stem = "L" + layer + ".H";
    for (int head = 0; head < heads && each; head++) {
      all.add(new Candidate(stem + head, "head"));
    }
    if (!each && heads > 0) {
      all.add(Candidate.beginning(stem, "H0 to H" + (heads - 1)));
    }
  }

  private void addFeatures(
      List<Candidate> all, Class<?> sort, int layer, boolean chosen, Forecast forecast) {
    boolean residual = sort == Address.ResidualFeature.class;
    String sign = residual ? "R" : "F";
    Integer count =
        forecast
            .ask(residual ? Fact.RESIDUAL_FEATURES : Fact.FEATURES)
            .value()
            .map(sizes -> sizes.get(layer))
            .orElse(null);
    if (count == null || !sorts.contains(sort)) {
      return;
    }
    List<Candidate> active =
        forecast.ask(Fact.ACTIVE).value().map(found -> found.in(layer, residual)).orElse(List.of());
    if (chosen && !active.isEmpty()) {
      all.addAll(active);
      return;
    }
    String range = sign + "0 to " + sign + (count - 1);
    String says = active.isEmpty() ? range : range + ", " + active.size() + " active";
    all.add(Candidate.beginning("L" + layer + "." + sign, says));
  }
}
