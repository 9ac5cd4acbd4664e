package org.zlens.dsl.command.builtin;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Capability;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.dsl.syntax.Expression;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.dashboard.DashboardPass;
import org.zlens.engine.dashboard.StatisticsFolder;
import org.zlens.engine.dashboard.TextStatistics;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.measure.Proxy;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.plan.SaeCost;
import org.zlens.engine.sae.LoadedSae;
import org.zlens.engine.sae.Sae;

/** {@code dashboard}: pages of features, made from one pass over a text. */
public final class DashboardCommand implements Command, Planned {
  private static final Duration BETWEEN = Duration.ofMinutes(1);

  private static final Parameter<List<Address>> WHAT =
      Parameter.of("what", Types.SHOWN, "features, heads or layers").many().optional();

  private static final Parameter<String> ALL =
      Parameter.after(
              "all",
              "which",
              Types.choice("heads", "features"),
              "a page for every head, or for every feature of every layer")
          .optional();

  private static final Parameter<Integer> TOP =
      Parameter.after("top", "count", Types.count(), "features on the page of a head").orElse(10);

  private static final Parameter<Boolean> DEAD =
      Parameter.flag("dead", "also features that are never active on the text");

  private static final Parameter<Expression> PROXY =
      Parameter.after(
              "proxy",
              "condition",
              Types.expression("a condition such as (token = \" and\")"),
              "what features are compared with, in parentheses")
          .optional();

  private static final Parameter<Long> SEED =
      Parameter.after(
              "seed",
              "number",
              Types.whole(0, Long.MAX_VALUE),
              "of the places that are drawn; the setting 'seed' without it")
          .optional();

  private static final Parameter<String> TO =
      Parameter.after("to", "folder", Types.PATH, "where pages and statistics go")
          .orElse("dashboards");

  private static final Parameter<String> JSON =
      Parameter.after(
              "neuronpedia",
              "file",
              Types.PATH,
              "also write the features of one SAE as JSON that Neuronpedia imports")
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("dashboard", Group.LOOK, "make pages of features: examples, sources, logits")
          .needs(Capability.WRITE_FILES)
          .details(
              """
              A page shows of a feature: its 20 strongest places and beside each the text around \
              the source that brings most of it (DFA), places drawn from each band of activation, \
              the share of each head, the tokens whose logits it raises and lowers most, histograms \
              of activations and of logit effects, how often it is active, features that are active \
              together with it, and the nearest by decoder. 'L2.H5' makes one page of the features \
              with the largest share of that head, 'L2' a page for each feature of the layer, and \
              'all heads' the paper's page for every head; with more than one page there is an \
              index that can be searched and sorted. With 'proxy' the histogram tells the places \
              where it holds from the others, and the page its specificity and sensitivity. \
              Each page is one HTML file that opens offline. One pass over the text serves all \
              features of as many layers as fit the setting 'memory'; its statistics are kept in \
              the folder, so that further pages of the same text need no pass, and a pass that was \
              interrupted goes on where it was. The beginning-of-text token and filling never \
              count. 'neuronpedia' writes the same features in the form of SAEDashboard, with whole \
              rows where pages show the tokens around a place. \
              """
                  + ProxyNames.DETAILS
                  + " "
                  + MeasuredText.DETAILS)
          .oneOf(WHAT, ALL)
          .parameters(
              TOP,
              DEAD,
              SaeAt.RESIDUAL,
              PROXY,
              SEED,
              TO,
              JSON,
              MeasuredText.ON,
              MeasuredText.TOKENS,
              MeasuredText.LENGTH)
          .result(ValueKind.PAGE)
          .example(
              "model sprig; dashboard L2.F417 to \"pages\" on sprig tokens 2048",
              "the page of one feature")
          .example(
              "model sprig; dashboard L1.H3 top 4 to \"pages\" on sprig tokens 2048",
              "the features that one head writes most of")
          .example(
              """
              model sprig
              dashboard L1.F17 proxy (token in earlier) to "pages" on sprig tokens 2048""",
              "is it a feature of tokens that came before?")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    MeasuredText.check(arguments, forecast);
    EngineFacts.requireSaes(forecast);
    if (arguments.has(PROXY)) {
      ProxyNames.check(arguments.get(PROXY), forecast);
    }
    if (arguments.has(JSON) && arguments.has(ALL)) {
      throw arguments.fault(
          JSON,
          Kind.USAGE,
          "a file of Neuronpedia holds features of one SAE",
          "dashboard L2 neuronpedia \"L2.json\"");
    }
    if (arguments.has(WHAT) && arguments.isKnown(WHAT)) {
      boolean layers = arguments.get(WHAT).stream().anyMatch(Address.Layer.class::isInstance);
      if (arguments.get(SaeAt.RESIDUAL) && !layers) {
        throw arguments.fault(
            SaeAt.RESIDUAL,
            Kind.USAGE,
            "'residual' is for layers",
            "a feature of a residual SAE is written L3.R1022");
      }
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    LanguageModel model = bench.model();
    Path folder = session.output(arguments.get(TO));
    Map<Sae, List<DashboardTarget>> targets = targets(arguments, bench);
    if (arguments.has(JSON) && targets.size() > 1) {
      throw arguments.fault(
          JSON,
          Kind.USAGE,
          "a file of Neuronpedia holds features of one SAE, not of " + targets.size(),
          "ask for one layer at a time");
    }
    String proxy = arguments.has(PROXY) ? arguments.written(PROXY) : "";
    DashboardWriter writer =
        new DashboardWriter(
            session,
            bench,
            folder,
            proxy,
            arguments.get(TOP),
            arguments.get(DEAD),
            arguments.find(JSON).map(session::output));
    try (MeasuredText text =
        MeasuredText.of(arguments, session, bench, patterns(model.config(), targets.size()))) {
      TextStatistics statistics =
          new TextStatistics(
              saes -> pass(arguments, session, bench, saes),
              folder(arguments, session, bench, folder, text),
              arguments.has(PROXY),
              bench.budget());
      statistics.forEach(
          List.copyOf(targets.keySet()),
          text,
          bench.progress("dashboard"),
          (sae, found) -> writer.write(sae, found, targets.get(sae), text));
    }
    return writer.finish(arguments.has(ALL) ? "all " + arguments.get(ALL) : "");
  }

  /** Patterns of all layers are held together. */
  private static IntUnaryOperator patterns(ModelConfig config, int layers) {
    return length -> Math.max(1, config.heads() * length * layers);
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    ModelConfig config = bench.model().config();
    Map<Sae, List<DashboardTarget>> targets = targets(arguments, bench);
    MeasuredText.Size size =
        MeasuredText.size(arguments, session, bench, patterns(config, targets.size()));
    boolean proxied = arguments.has(PROXY);
    Cost cost = Cost.NONE;
    long statistics = 0;
    long together = 0;
    int passes = 0;
    for (Sae sae : targets.keySet()) {
      long bytes = DashboardPass.bytes(sae, proxied);
      passes += passes == 0 || together + bytes > bench.budget() ? 1 : 0;
      together = together + bytes > bench.budget() ? bytes : together + bytes;
      statistics = Math.max(statistics, together);
      cost = cost.plus(SaeCost.encode(sae, size.tokens(), size.rows()));
      int pages = pages(targets.get(sae), sae, arguments.get(TOP));
      cost = cost.plus(SaeCost.favoured(sae, pages, config.dModel(), config.dVocab()));
      cost = cost.plus(new Cost(2.0 * pages * sae.features() * sae.width(), 0, pages));
    }
    return size.estimate(config, DashboardPass.hooks(targets.keySet()), passes)
        .with(cost)
        .holding(statistics);
  }

  /** Cards that are made of the features of an SAE. */
  private static int pages(List<DashboardTarget> targets, Sae sae, int top) {
    int pages = 0;
    for (DashboardTarget target : targets) {
      pages +=
          target instanceof DashboardTarget.Every
              ? sae.features()
              : target instanceof DashboardTarget.OfHead ? top : 1;
    }
    return pages;
  }

  @Override
  public boolean wantsPrompts(Arguments arguments) {
    return !arguments.has(MeasuredText.ON);
  }

  /** What is wanted of each SAE, layer by layer. */
  private static Map<Sae, List<DashboardTarget>> targets(Arguments arguments, Workbench bench) {
    Map<Sae, List<DashboardTarget>> targets = new LinkedHashMap<>();
    if (arguments.has(ALL)) {
      boolean heads = arguments.get(ALL).equals("heads");
      TreeSet<Integer> layers = new TreeSet<>();
      for (int layer = 0; layer < bench.model().config().layers(); layer++) {
        if (bench.saes().findAttention(layer).isPresent()) {
          layers.add(layer);
        }
      }
      for (int layer : layers) {
        List<DashboardTarget> own = new ArrayList<>();
        if (heads) {
          for (int head = 0; head < bench.model().config().heads(); head++) {
            own.add(new DashboardTarget.OfHead(layer, head));
          }
        } else {
          own.add(new DashboardTarget.Every());
        }
        targets.put(bench.saes().attention(layer), own);
      }
      return targets;
    }
    for (Address address : arguments.get(WHAT)) {
      Sae sae;
      DashboardTarget target;
      if (address instanceof Address.Layer layer) {
        sae = SaeAt.of(bench, arguments, layer);
        target = new DashboardTarget.Every();
      } else if (address instanceof Address.Head head) {
        sae = bench.saes().attention(head.in());
        target = new DashboardTarget.OfHead(head.in(), head.index());
      } else {
        sae = SaeAt.of(bench, address);
        target = new DashboardTarget.OfFeature(SaeAt.index(address));
      }
      targets.computeIfAbsent(sae, one -> new ArrayList<>()).add(target);
    }
    return targets;
  }

  private static DashboardPass pass(
      Arguments arguments, Session session, Workbench bench, List<Sae> saes) {
    List<Prompt> prompts = arguments.has(MeasuredText.ON) ? List.of() : bench.prompts().prompts();
    Optional<Proxy> proxy =
        arguments
            .find(PROXY)
            .map(condition -> new ProxyNames(condition, session, bench::piece, prompts));
    return new DashboardPass(
        bench.transformer(), saes, seed(arguments, session), bos(bench.model()), proxy);
  }

  private static long seed(Arguments arguments, Session session) {
    return arguments.find(SEED).orElseGet(() -> session.settings().get(Settings.SEED));
  }

  static OptionalInt bos(LanguageModel model) {
    boolean has = model.tokenizerOrNull() != null && model.tokenizer().hasBos();
    return has ? OptionalInt.of(model.tokenizer().bosId()) : OptionalInt.empty();
  }

  /** Statistics under edits in force are not kept: nothing would tell them from others. */
  private static Optional<StatisticsFolder> folder(
      Arguments arguments, Session session, Workbench bench, Path folder, MeasuredText text) {
    Transformer asLoaded = bench.model().transformer();
    if (bench.transformer() != asLoaded) {
      return Optional.empty();
    }
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("model", bench.model().sha256() + " " + new TreeSet<>(bench.model().processing()));
    identity.put("text", text.fingerprint());
    identity.put("seed", String.valueOf(seed(arguments, session)));
    identity.put("proxy", arguments.has(PROXY) ? arguments.written(PROXY) : "none");
    return Optional.of(
        new StatisticsFolder(
            folder.resolve("statistics"), identity, sae -> digest(session, sae), BETWEEN));
  }

  private static String digest(Session session, Sae sae) {
    for (LoadedSae one : session.get(Slots.SAES, "load some first: sae sprig").all()) {
      if (one.sae() == sae) {
        return one.sha256() + " " + one.sae().encoder().architecture() + " " + sae.conversion();
      }
    }
    throw new IllegalStateException(sae + " is not attached");
  }
}
