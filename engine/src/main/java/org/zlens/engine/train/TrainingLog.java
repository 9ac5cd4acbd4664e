package org.zlens.engine.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.io.AtomicFile;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.report.Axis;
import org.zlens.engine.report.Plot;
import org.zlens.engine.report.PlotsPage;
import org.zlens.engine.report.Scale;
import org.zlens.engine.report.Series;

/**
 * How a training of SAEs went so far, as a page of plots that loads itself again while it goes on,
 * and as numbers beside it, from which a training that is resumed goes on. No weight hangs on it.
 */
final class TrainingLog {
  /** Points of a curve at most, whatever the number of steps. */
  private static final int POINTS = 1000;

  private static final int REFRESH_SECONDS = 20;
  private static final long LARGEST_FILE = 64L << 20;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final SaeJob job;
  private final List<Location> sites;
  private final int batch;
  private final List<Point> points = new ArrayList<>();
  private SaeNews latest;
  private long writtenAt = Long.MIN_VALUE;

  /**
   * What was seen at a step.
   *
   * @param sites by canonical name
   */
  record Point(long step, Map<String, Values> sites) {
    Point {
      sites = Map.copyOf(sites);
    }
  }

  /**
   * Of one SAE.
   *
   * @param recovered null before the first measurement
   */
  record Values(double loss, double error, double active, double dead, Double recovered) {}

  /** All that there is in the file. */
  record Points(List<Point> points) {
    Points {
      points = List.copyOf(points);
    }
  }

  TrainingLog(SaeJob job, Collection<Location> sites) {
    this.job = job;
    this.sites = List.copyOf(sites);
    this.batch = job.recipes().values().iterator().next().batch();
  }

  /** The page of a training in a folder. */
  static Path page(Path folder) {
    return folder.resolve("training.html");
  }

  private static Path numbers(Path folder) {
    return folder.resolve("training.json");
  }

  /** Takes up what an earlier run wrote, up to the step that is gone on from. */
  void resume(long step) {
    Path file = numbers(job.folder());
    if (!Files.exists(file)) {
      return;
    }
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw DataFault.in(file, "is too large for the numbers of a training", "remove it");
      }
      Points read = JSON.readValue(Files.readAllBytes(file), Points.class);
      read.points().stream().filter(point -> point.step() <= step).forEach(points::add);
    } catch (IOException e) {
      throw DataFault.in(
          file, "does not hold the numbers of a training", "remove it to go on without its curves");
    }
  }

  /** Notes a step; the page is written now and then. */
  void add(SaeNews news) {
    latest = news;
    boolean due = news.step() % Math.max(1, news.steps() / POINTS) == 0;
    if (due || news.step() == 1 || news.step() == news.steps()) {
      Map<String, Values> values = new LinkedHashMap<>();
      news.sites().forEach((at, site) -> values.put(at.canonical(), values(site)));
      points.add(new Point(news.step(), values));
    }
    long now = System.nanoTime();
    if (writtenAt == Long.MIN_VALUE || now - writtenAt > REFRESH_SECONDS * 1_000_000_000L) {
      tryToWrite("running: " + state(news) + left(news), REFRESH_SECONDS);
      writtenAt = now;
    }
  }

  private static Values values(SaeNews.Site site) {
    Double recovered = Double.isNaN(site.lossRecovered()) ? null : site.lossRecovered();
    return new Values(
        site.progress().loss(),
        site.progress().error(),
        site.progress().activeFeatures(),
        site.deadShare(),
        recovered);
  }

  private static String state(SaeNews news) {
    return String.format(
        Locale.ROOT,
        "step %,d of %,d, %,.0f tokens/s",
        news.step(),
        news.steps(),
        news.vectorsPerSecond());
  }

  private static String left(SaeNews news) {
    return String.format(Locale.ROOT, ", %,.0f s left", news.secondsLeft());
  }

  /** Writes the page for good, if it can: it does not load itself again. */
  void stop() {
    if (latest != null) {
      tryToWrite("interrupted: " + state(latest), 0);
    }
  }

  /** Writes the page of a training that has come to its end. */
  void finish() {
    if (latest != null) {
      write("finished: " + state(latest), 0);
    }
  }

  /** A training does not end for its page; one that cannot be written at the end is an error. */
  private void tryToWrite(String state, int refresh) {
    try {
      write(state, refresh);
    } catch (ZlensException e) {
      if (e.kind() != Kind.DATA) {
        throw e;
      }
    }
  }

  private void write(String state, int refresh) {
    String names = sites.stream().map(Location::shortName).collect(Collectors.joining(", "));
    List<String> notes = new ArrayList<>();
    notes.add(state);
    job.notes().forEach((what, value) -> notes.add(what + ": " + value));
    List<Plot> plots =
        List.of(
            plot("Loss of a step", new Axis("loss", ""), Values::loss),
            plot("Active features (L0)", new Axis("L0", "features"), Values::active),
            plot("Dead features", new Axis("dead", "%"), one -> 100 * one.dead()),
            plot(
                "CE loss recovered",
                new Axis("recovered", "%"),
                one -> one.recovered() == null ? Double.NaN : 100 * one.recovered()));
    new PlotsPage("SAEs at " + names + " of " + job.model().name(), notes, plots, refresh)
        .write(page(job.folder()));
    writeNumbers();
  }

  /** Keeps the numbers up to a checkpoint, if it can, so that curves have no gap after a kill. */
  void keep() {
    try {
      writeNumbers();
    } catch (ZlensException e) {
      if (e.kind() != Kind.DATA) {
        throw e;
      }
    }
  }

  private void writeNumbers() {
    try {
      AtomicFile.writeText(numbers(job.folder()), JSON.writeValueAsString(new Points(points)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers can be written", e);
    }
  }

  private Plot plot(String title, Axis y, ToDoubleFunction<Values> value) {
    List<Series> series = new ArrayList<>();
    for (Location at : sites) {
      List<Point> own =
          points.stream()
              .filter(point -> point.sites().containsKey(at.canonical()))
              .filter(point -> !Double.isNaN(value.applyAsDouble(of(point, at))))
              .toList();
      series.add(
          new Series(
              at.shortName(),
              new Scale.Numbers(own.stream().mapToDouble(p -> p.step() * (double) batch).toArray()),
              own.stream().mapToDouble(point -> value.applyAsDouble(of(point, at))).toArray()));
    }
    Plot.Marks marks = new Plot.Marks(Plot.Mark.LINE, series);
    return new Plot(title, new Axis("tokens", ""), y, marks, List.of(), List.of());
  }

  private static Values of(Point point, Location at) {
    return point.sites().get(at.canonical());
  }
}
