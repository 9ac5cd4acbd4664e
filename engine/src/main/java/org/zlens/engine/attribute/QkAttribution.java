package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.runtime.Progress;

/**
 * Why a head looks where it does: its attention score from a query position to a key position as a
 * sum over pairs of a part of the query's stream and a part of the key's (paper-spec D-Fig18), norm
 * scales held fixed.
 *
 * <p>The score is what the softmax takes, {@code q . k / sqrt(d_head)}, queries and keys turned
 * where the model turns them; of a model that caps its scores, what comes to the cap. Every pair
 * has its number, the biases and SAE errors of both sides included, so the table sums to the score;
 * or, where a side is looked at through an earlier head, to that head's part of it.
 *
 * @param layer of the head
 * @param head its index
 * @param row prompt
 * @param query position that looks
 * @param key position that is looked at
 * @param score the whole score, from the pass
 * @param weight attention weight after the softmax
 * @param byQuery a row for each part of the query's side, summed over the key's parts
 * @param byKey a row for each part of the key's side, summed over the query's parts
 * @param table {@code [query part][key part]}, in the order of the rows
 */
public record QkAttribution(
    int layer,
    int head,
    int row,
    int query,
    int key,
    double score,
    double weight,
    Attribution byQuery,
    Attribution byKey,
    double[][] table) {
  /** Scores whose places are read together. */
  private static final int AT_ONCE = 32;

  /** What the attention of a layer writes, however it is split. */
  private static final Set<Part> ATTENTION =
      EnumSet.of(
          Part.ATTN_OUT,
          Part.HEAD,
          Part.ATTENTION_FEATURE,
          Part.SAE_BIAS,
          Part.SAE_ERROR,
          Part.OUTPUT_BIAS);

  /** What is split of a side, wherever it stands. */
  private record Stream(StreamSplit split, int layer) {}

  /**
   * One entry of the table.
   *
   * @param query part of the query's side
   * @param key part of the key's side
   * @param contribution what the two add to the score together
   */
  public record Pair(Contribution query, Contribution key, double contribution) {}

  /** The number that the table sums to: the score, or the part of it that the paths carry. */
  public double total() {
    return byQuery.total();
  }

  /** What the table sums to minus that: rounding. */
  public double residual() {
    return byQuery.residual();
  }

  /**
   * A score to take apart.
   *
   * @param row prompt
   * @param query position that looks
   * @param key position that is looked at
   * @param querySide how the query's side is taken apart
   */
  public record Pairing(int row, int query, int key, QkSide querySide) {}

  /**
   * Takes a score apart.
   *
   * @throws ZlensException if a position did not run, the key lies after the query, or edits in
   *     force make something else of the score
   */
  public static QkAttribution of(
      CleanRun run,
      int layer,
      int head,
      int row,
      int query,
      int key,
      QkSide querySide,
      QkSide keySide) {
    List<Pairing> one = List.of(new Pairing(row, query, key, querySide));
    return ofEach(run, layer, head, one, keySide, Progress.NONE).get(0);
  }

  /**
   * Takes some scores of a head apart; SAEs read the places of several together.
   *
   * @param progress hears of each score
   * @throws ZlensException as for one score
   */
  public static List<QkAttribution> ofEach(
      CleanRun run,
      int layer,
      int head,
      List<Pairing> pairings,
      QkSide keySide,
      Progress progress) {
    run.requireHead(layer, head);
    List<QkAttribution> each = new ArrayList<>();
    for (int first = 0; first < pairings.size(); first += AT_ONCE) {
      List<Pairing> some = pairings.subList(first, Math.min(first + AT_ONCE, pairings.size()));
      prepare(run, layer, some, keySide);
      for (Pairing pairing : some) {
        each.add(of(run, layer, head, pairing, keySide));
        progress.step(each.size(), pairings.size());
      }
    }
    return each;
  }

  private static void prepare(CleanRun run, int layer, List<Pairing> pairings, QkSide keySide) {
    Map<Stream, Set<List<Long>>> places = new LinkedHashMap<>();
    for (Pairing one : pairings) {
      run.require(one.row, one.query);
      run.require(one.row, one.key);
      if (one.key > one.query) {
        throw new ZlensException(
            Kind.RUNTIME,
            "position " + one.key + " lies after " + one.query + ", which cannot look at it",
            "a head looks at positions up to its own");
      }
      place(run, layer, one.row, one.query, one.querySide, places);
      place(run, layer, one.row, one.key, keySide, places);
    }
    places.forEach(
        (stream, some) ->
            run.parts()
                .prepare(
                    stream.split,
                    stream.layer,
                    new Cells(
                        some.stream().mapToLong(place -> place.get(0)).toArray(),
                        some.stream().mapToLong(place -> place.get(1)).toArray())));
  }

  private static void place(
      CleanRun run,
      int layer,
      int row,
      int position,
      QkSide side,
      Map<Stream, Set<List<Long>>> places) {
    side.via().ifPresent(path -> QkVector.require(run, path, layer, row, position));
    int read = side.via().map(QkPath::layer).orElse(layer);
    long at = side.via().map(QkPath::source).orElse(position);
    places
        .computeIfAbsent(new Stream(side.split(), read), stream -> new LinkedHashSet<>())
        .add(List.of((long) row, at));
  }

  private static QkAttribution of(
      CleanRun run, int layer, int head, Pairing pairing, QkSide keySide) {
    int row = pairing.row;
    int query = pairing.query;
    int key = pairing.key;
    double factor = run.config().architecture().attention().scale();
    QkVector q = QkVector.of(run, layer, head, QkVector.Role.QUERY, row, query, pairing.querySide);
    QkVector k = QkVector.of(run, layer, head, QkVector.Role.KEY, row, key, keySide);
    double total = QkVector.dot(q.whole(), k.whole()) * factor;
    double[][] table = new double[q.images().size()][k.images().size()];
    Rows queries = new Rows(run, row, total);
    double[] keySums = new double[k.images().size()];
    for (int i = 0; i < table.length; i++) {
      double sum = 0;
      for (int j = 0; j < table[i].length; j++) {
        table[i][j] = QkVector.dot(q.images().get(i).values(), k.images().get(j).values()) * factor;
        sum += table[i][j];
        keySums[j] += table[i][j];
      }
      queries.add(q.images().get(i), sum);
    }
    Rows keys = new Rows(run, row, total);
    for (int j = 0; j < keySums.length; j++) {
      keys.add(k.images().get(j), keySums[j]);
    }
    String what = "the score of L" + layer + ".H" + head + " from " + query + " to " + key;
    double scale = q.size() * k.size() * factor;
    return new QkAttribution(
        layer,
        head,
        row,
        query,
        key,
        score(run, layer, head, row, query, key),
        weight(run, layer, head, row, query, key),
        Attribution.of(what, total, queries.list(), scale),
        Attribution.of(what, total, keys.list(), scale),
        table);
  }

  /** All pairs by falling size of what they add. */
  public List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < table.length; i++) {
      for (int j = 0; j < table[i].length; j++) {
        pairs.add(new Pair(byQuery.rows().get(i), byKey.rows().get(j), table[i][j]));
      }
    }
    pairs.sort(Comparator.comparingDouble((Pair p) -> Math.abs(p.contribution())).reversed());
    return pairs;
  }

  /**
   * The same of those parts of the query's side alone that the attention of one layer wrote, its
   * SAE's error and biases included; the table then sums to what they add to the score.
   */
  public QkAttribution writtenBy(int source) {
    List<Contribution> some = new ArrayList<>();
    List<double[]> left = new ArrayList<>();
    for (int i = 0; i < table.length; i++) {
      Contribution part = byQuery.rows().get(i);
      if (part.layer() == source && ATTENTION.contains(part.part())) {
        some.add(part);
        left.add(table[i]);
      }
    }
    double total = some.stream().mapToDouble(Contribution::contribution).sum();
    List<Contribution> keys = new ArrayList<>();
    for (int j = 0; j < byKey.rows().size(); j++) {
      double sum = 0;
      for (double[] row : left) {
        sum += row[j];
      }
      keys.add(byKey.rows().get(j).adding(sum, total));
    }
    return new QkAttribution(
        layer,
        head,
        row,
        query,
        key,
        score,
        weight,
        new Attribution(
            byQuery.what(),
            total,
            some.stream().map(part -> part.adding(part.contribution(), total)).toList(),
            0),
        new Attribution(byKey.what(), total, keys, 0),
        left.toArray(double[][]::new));
  }

  private static double score(CleanRun run, int layer, int head, int row, int query, int key) {
    double[] q = QkVector.whole(run, layer, head, QkVector.Role.QUERY, row, query);
    double[] k = QkVector.whole(run, layer, head, QkVector.Role.KEY, row, key);
    return QkVector.dot(q, k) * run.config().architecture().attention().scale();
  }

  private static double weight(CleanRun run, int layer, int head, int row, int query, int key) {
    return run.patternRows().of(layer, row, query)[head * (query + 1) + key];
  }
}
