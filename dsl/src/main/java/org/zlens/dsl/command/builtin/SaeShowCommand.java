package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.CurrentSaes;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.sae.LoadedSae;
import org.zlens.engine.sae.LoadedTranscoder;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeConfig;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.Transcoder;

/** {@code sae show}: all that is known of the SAEs of a layer. */
public final class SaeShowCommand implements Command {
  private static final Parameter<Address.Layer> LAYER =
      Parameter.of("layer", Types.LAYER, "the layer whose SAEs are shown");

  private static final Signature SIGNATURE =
      Signature.verb("sae show", Group.SET_UP, "show all that is known of the SAEs of a layer")
          .details(
              """
              A row for each fact: what the SAE reads and computes, of which weights it was \
              trained and what was done to fit it to those of this model, where it was read from, \
              and the settings of its training as its file tells them.""")
          .parameters(LAYER)
          .result(ValueKind.TABLE)
          .example("model sprig; sae show L2", "both SAEs of layer 2")
          .example(
              "model sprig; sae show L2 | where site = \"L2.z\" and fact = \"features\"",
              "one fact of one of them")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireSaes(forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    int layer = arguments.get(LAYER).index();
    CurrentSaes saes = session.get(Slots.SAES, "load some first: sae sprig, or sae \"folder\"");
    List<LoadedSae> here =
        saes.all().stream().filter(one -> one.sae().location().layer() == layer).toList();
    List<LoadedTranscoder> transcoders =
        saes.transcoders().stream()
            .filter(one -> one.transcoder().output().layer() == layer)
            .toList();
    if (here.isEmpty() && transcoders.isEmpty()) {
      throw arguments.fault(
          LAYER, Kind.NAME, "layer " + layer + " has no SAE", "attached: " + saes.set().summary());
    }
    Rows rows = new Rows("SAEs of layer " + layer);
    here.forEach(one -> facts(rows, one));
    transcoders.forEach(one -> facts(rows, one));
    return rows.table();
  }

  private static void facts(Rows rows, LoadedSae one) {
    Sae sae = one.sae();
    SaeConfig config = one.config();
    String conversion = sae.conversion();
    Facts facts = new Facts(rows, sae.location().shortName());
    facts.add("hook", config.hookName(), "");
    facts.add("features", sae.features(), "features");
    facts.add("width", sae.width(), "values");
    facts.add("architecture", architecture(sae.encoder()), "");
    facts.add("input less b_dec", sae.centersInput() ? "yes" : "no", "");
    facts.add("normalises", config.normalization().saeLensName(), "");
    facts.add("trained on", config.basis().words(), "");
    facts.add("conversion", conversion.isEmpty() ? "none" : conversion, "");
    facts.add("model", config.modelName(), "");
    facts.add("texts begin with BOS", config.prependBos() ? "yes" : "no", "");
    if (config.contextSize() > 0) {
      facts.add("context", config.contextSize(), "tokens");
    }
    facts.add("format", config.source().format(), "");
    facts.add("source", one.name(), "");
    facts.add("sha256", one.sha256(), "");
    if (sae.isLoaded()) {
      facts.add("memory", String.format(Locale.ROOT, "%.1f", megabytes(sae)), "MB");
    }
    new TreeMap<>(config.source().notes()).forEach((key, value) -> facts.add(key, value, ""));
  }

  private static void facts(Rows rows, LoadedTranscoder one) {
    Transcoder transcoder = one.transcoder();
    Facts facts = new Facts(rows, one.sites());
    facts.add("reads", transcoder.input().canonical(), "");
    facts.add("predicts", transcoder.output().canonical(), "");
    facts.add("features", transcoder.features(), "features");
    facts.add("width", transcoder.wEnc().size(0), "values");
    facts.add("architecture", architecture(transcoder), "");
    facts.add("normalises", one.normalization().saeLensName(), "");
    facts.add("trained on", one.basis().words(), "");
    facts.add("format", one.source().format(), "");
    facts.add("source", one.name(), "");
    facts.add("sha256", one.source().sha256(), "");
    facts.add("memory", String.format(Locale.ROOT, "%.1f", transcoder.bytes() / 1e6), "MB");
    new TreeMap<>(one.source().notes()).forEach((key, value) -> facts.add(key, value, ""));
  }

  /** The rows of one SAE. */
  private record Facts(Rows rows, String site) {
    void add(String fact, Object value, String unit) {
      rows.text("site", site)
          .text("fact", fact)
          .text("value", value.toString())
          .text("unit", unit.isEmpty() ? null : unit);
    }
  }

  /** The kind of encoder, with its number of features at once where that is fixed. */
  static String architecture(SaeEncoder encoder) {
    return encoder instanceof SaeEncoder.TopK topK
        ? "topk, k " + topK.k() + (topK.rescaled() ? ", ranked by decoder norm" : "")
        : encoder.architecture();
  }

  /** The same of a transcoder. */
  static String architecture(Transcoder transcoder) {
    return architecture(transcoder.encoder())
        + (transcoder.skips() ? " transcoder with a skip" : " transcoder");
  }

  /** Memory of the weights, NaN while they are still in their file. */
  static double megabytes(Sae sae) {
    return sae.isLoaded() ? sae.bytes() / 1e6 : Double.NaN;
  }
}
