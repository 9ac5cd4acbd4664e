package org.zlens.dsl.command.builtin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.PageValue;
import org.zlens.dsl.session.ProvenanceLines;
import org.zlens.dsl.session.Session;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.HeadAttribution;
import org.zlens.engine.dashboard.FeatureCard;
import org.zlens.engine.dashboard.FeatureCards;
import org.zlens.engine.dashboard.FeatureStatistics;
import org.zlens.engine.dashboard.NeuronpediaFile;
import org.zlens.engine.dashboard.RowTexts;
import org.zlens.engine.hub.PublicPages;
import org.zlens.engine.report.DashboardLinks;
import org.zlens.engine.report.IndexPage;
import org.zlens.engine.report.PageQueue;
import org.zlens.engine.report.TokenTexts;
import org.zlens.engine.sae.LoadedSae;
import org.zlens.engine.sae.Sae;

/** Writes the pages of features and of heads of one SAE after the other, and an index of them. */
final class DashboardWriter {
  private static final int TOKENS_IN_INDEX = 3;

  private final Session session;
  private final Workbench bench;
  private final Path folder;
  private final String proxy;
  private final int top;
  private final boolean dead;
  private final Optional<Path> json;
  private final IndexPage features =
      new IndexPage(
          List.of(
              new IndexPage.Column("feature", false),
              new IndexPage.Column("active at %", true),
              new IndexPage.Column("largest", true),
              new IndexPage.Column("head", false),
              new IndexPage.Column("share %", true),
              new IndexPage.Column("strongest at", false),
              new IndexPage.Column("raises", false),
              new IndexPage.Column("lowers", false)));
  private final IndexPage heads =
      new IndexPage(
          List.of(
              new IndexPage.Column("head", false),
              new IndexPage.Column("features", true),
              new IndexPage.Column("largest share %", true),
              new IndexPage.Column("least share %", true),
              new IndexPage.Column("which", false)));
  private final TokenTexts tokens;
  private final Set<String> written = new LinkedHashSet<>();
  private int pagesOfFeatures;
  private int pagesOfHeads;
  private String text = "";
  private long places;

  DashboardWriter(
      Session session,
      Workbench bench,
      Path folder,
      String proxy,
      int top,
      boolean dead,
      Optional<Path> json) {
    this.session = session;
    this.bench = bench;
    this.folder = folder;
    this.proxy = proxy;
    this.top = top;
    this.dead = dead;
    this.json = json;
    this.tokens = new TokenTexts(bench::piece);
  }

  /** Writes what is wanted of an SAE. */
  void write(
      Sae sae, FeatureStatistics statistics, List<DashboardTarget> targets, MeasuredText of) {
    text = of.name();
    places = statistics.tokens();
    int[] single = single(targets, statistics);
    List<int[]> ofHeads = new ArrayList<>();
    for (DashboardTarget target : targets) {
      if (target instanceof DashboardTarget.OfHead head) {
        ofHeads.add(ofHead(sae, statistics, head.head()));
      }
    }
    int[] all =
        IntStream.concat(Arrays.stream(single), ofHeads.stream().flatMapToInt(Arrays::stream))
            .distinct()
            .sorted()
            .toArray();
    RowTexts rows =
        new RowTexts(of, statistics.rows(all), bench.progress("dashboard: the text again"));
    Set<Integer> made = Arrays.stream(single).boxed().collect(Collectors.toSet());
    Links links = new Links(sae, publicPages(sae), proxy, made);
    FeatureCards cards = new FeatureCards(bench.model().transformer(), sae, statistics);
    try (PageQueue pages = new PageQueue(links, bench::piece, rows::row)) {
      cards.forEach(
          single,
          bench.progress("dashboard: pages of " + sae.location().shortName()),
          card -> feature(pages, card, rows));
      int number = 0;
      for (DashboardTarget target : targets) {
        if (target instanceof DashboardTarget.OfHead head) {
          head(pages, cards, head, ofHeads.get(number++));
        }
      }
    }
    json.ifPresent(file -> neuronpedia(file, sae, statistics, all, of));
  }

  private void neuronpedia(
      Path file, Sae sae, FeatureStatistics statistics, int[] some, MeasuredText of) {
    String published = publicPages(sae).name();
    int slash = published.indexOf('/');
    int dash = published.indexOf('-', slash);
    NeuronpediaFile batch =
        new NeuronpediaFile(
            slash < 0 ? bench.model().name() : published.substring(0, slash),
            slash < 0 ? sae.location().site().shortName() : published.substring(dash + 1),
            of.name());
    batch.write(
        file,
        bench.transformer(),
        sae,
        statistics,
        some,
        of,
        bench::piece,
        DashboardCommand.bos(bench.model()),
        bench.progress("dashboard: " + file.getFileName()));
  }

  private int[] single(List<DashboardTarget> targets, FeatureStatistics statistics) {
    Set<Integer> single = new LinkedHashSet<>();
    for (DashboardTarget target : targets) {
      if (target instanceof DashboardTarget.OfFeature one) {
        single.add(one.feature());
      } else if (target instanceof DashboardTarget.Every) {
        int[] every =
            dead ? IntStream.range(0, statistics.features()).toArray() : statistics.live();
        Arrays.stream(every).forEach(single::add);
      }
    }
    return single.stream().mapToInt(i -> i).toArray();
  }

  /** The features with the largest share of a head, dead ones left out unless they are wanted. */
  private int[] ofHead(Sae sae, FeatureStatistics statistics, int head) {
    return HeadAttribution.top(sae, bench.model().config(), head, sae.features()).stream()
        .mapToInt(HeadAttribution.Share::feature)
        .filter(feature -> dead || statistics.fired(feature) > 0)
        .limit(top)
        .toArray();
  }

  private PublicPages publicPages(Sae sae) {
    for (LoadedSae one : session.get(Slots.SAES, "load some first: sae sprig").all()) {
      if (one.sae() == sae) {
        return PublicPages.of(one);
      }
    }
    return PublicPages.NONE;
  }

  private void feature(PageQueue pages, FeatureCard card, RowTexts rows) {
    String file = card.address() + ".html";
    pages.write(
        folder.resolve(file),
        card.address() + " of " + bench.model().name(),
        notes(),
        List.of(card),
        ProvenanceLines.of(session.provenance()));
    pagesOfFeatures++;
    written.add(file);
    int head = strongest(card.heads());
    String at = null;
    if (!card.strongest().isEmpty()) {
      int[] ids = rows.row(card.strongest().get(0).row());
      at = tokens.plain(ids[card.strongest().get(0).position()]);
    }
    features.add(
        file,
        card.address(),
        100 * card.density(),
        card.largest(),
        head < 0 ? null : "L" + card.layer() + ".H" + head,
        head < 0 ? null : 100 * card.heads()[head],
        at,
        first(card.logits().favoured().features()),
        first(card.logits().opposed().features()));
  }

  private static int strongest(float[] shares) {
    int most = -1;
    for (int head = 0; head < shares.length; head++) {
      most = most < 0 || shares[head] > shares[most] ? head : most;
    }
    return most;
  }

  private String first(int[] ids) {
    return Arrays.stream(ids)
        .limit(TOKENS_IN_INDEX)
        .mapToObj(tokens::plain)
        .collect(Collectors.joining(" "));
  }

  private List<String> notes() {
    return List.of("on " + text + ", " + places + " tokens");
  }

  private void head(PageQueue pages, FeatureCards cards, DashboardTarget.OfHead head, int[] some) {
    String name = "L" + head.layer() + ".H" + head.head();
    String file = name + ".html";
    List<FeatureCard> own = new ArrayList<>();
    cards.forEach(some, bench.progress("dashboard: " + name), own::add);
    pages.write(
        folder.resolve(file),
        name + " top features",
        List.of(
            notes().get(0)
                + "; the features with the largest share of the head by decoder weight"
                + (dead ? "" : " that are active on the text")),
        own,
        ProvenanceLines.of(session.provenance()));
    pagesOfHeads++;
    written.add(file);
    heads.add(
        file,
        name,
        own.size(),
        own.isEmpty() ? null : 100 * own.get(0).heads()[head.head()],
        own.isEmpty() ? null : 100 * own.get(own.size() - 1).heads()[head.head()],
        own.stream().map(FeatureCard::address).collect(Collectors.joining(" ")));
  }

  /** Writes the index where there is more than one page; gives what the command does. */
  PageValue finish(String what) {
    if (written.isEmpty()) {
      throw new ZlensException(
          Kind.RUNTIME,
          "no feature is active on this text, so that there are no pages",
          "read more of it with 'tokens', or ask for all of them with 'dead'");
    }
    if (written.size() == 1) {
      String file = written.iterator().next();
      return new PageValue(
          file.substring(0, file.lastIndexOf('.')) + " of " + bench.model().name(),
          folder.resolve(file));
    }
    String title =
        (what.isEmpty() ? "dashboards" : "dashboards of " + what) + " of " + bench.model().name();
    List<String> lines = ProvenanceLines.of(session.provenance());
    if (pagesOfFeatures > 0) {
      features.write(folder.resolve("index.html"), title, notes(), lines);
    }
    if (pagesOfHeads > 0) {
      String file = pagesOfFeatures > 0 ? "heads.html" : "index.html";
      String named = pagesOfFeatures > 0 ? title + ": heads" : title;
      heads.write(folder.resolve(file), named, notes(), lines);
    }
    session.listener().onNote(String.format(Locale.ROOT, "%d pages", written.size()));
    return new PageValue(title, folder.resolve("index.html"));
  }

  /** The pages that there are of one SAE. */
  private record Links(Sae sae, PublicPages pages, String proxy, Set<Integer> made)
      implements DashboardLinks {
    @Override
    public String address(int feature) {
      return sae.address(feature);
    }

    @Override
    public String file(int feature) {
      return made.contains(feature) ? address(feature) + ".html" : "";
    }

    @Override
    public String publicPage(int feature) {
      return pages.of(feature);
    }
  }
}
