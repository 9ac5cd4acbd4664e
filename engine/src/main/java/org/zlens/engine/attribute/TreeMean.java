package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.statistics.descriptive.StandardDeviation;
import org.zlens.engine.attribute.Explained.Split;
import org.zlens.engine.attribute.Explained.Way;
import org.zlens.engine.data.Alignment;

/**
 * The mean of trees of different prompts, number by number: a part that a prompt lacks counts as
 * nothing there, so that means of rows sum to means of totals.
 */
final class TreeMean {
  private final Alignment places;
  private final LargestParts largest;
  private final int count;
  private final Map<Number, List<One>> met = new HashMap<>();
  private final Map<Number, Mean> means = new HashMap<>();
  private final Map<Contribution, MeanTree.Spread> spreads = new IdentityHashMap<>();
  private final Map<Contribution, List<MeanTree.Member>> members = new IdentityHashMap<>();

  /** A number, wherever it is met. */
  private record Number(PlacedPart at, int level) {}

  /** A number in a prompt. */
  private record One(AttributionTree tree, Explained number) {
    private int prompt() {
      return tree.prompt();
    }
  }

  /** What all prompts make of a number. */
  private record Mean(double total, List<Split> splits) {}

  /** A row in some prompts. */
  private static final class Sum {
    private double contribution;
    private double activation;
    private int token = Integer.MIN_VALUE;

    private void add(Contribution row) {
      contribution += row.contribution();
      activation += row.activation();
      token = token == Integer.MIN_VALUE || token == row.token() ? row.token() : -1;
    }
  }

  TreeMean(Alignment places, TreeOptions options, int count) {
    this.places = places;
    this.largest = new LargestParts(options);
    this.count = count;
  }

  /** The mean of the roots, which are one number at one place in all prompts. */
  Explained of(List<AttributionTree> trees) {
    List<One> all = new ArrayList<>();
    trees.forEach(
        tree -> {
          collect(tree, tree.root(), new HashSet<>());
          all.add(new One(tree, tree.root()));
        });
    Sum sum = new Sum();
    all.forEach(one -> sum.add(one.number.row()));
    PlacedPart at = placed(all.get(0));
    if (all.stream().anyMatch(one -> !placed(one).equals(at))) {
      throw new IllegalArgumentException("the trees explain different numbers");
    }
    Contribution row = row(at, sum, sum.contribution);
    note(row, all);
    Mean mean = mean(new Number(at, 1));
    return Explained.of(row, 1, mean.total, mean.splits);
  }

  /** What the followed rows of the mean are the means of. */
  Map<Contribution, MeanTree.Spread> spreads() {
    return spreads;
  }

  /** The same rows with what each is in the trees. */
  Map<Contribution, List<MeanTree.Member>> members() {
    return members;
  }

  private void note(Contribution row, List<One> some) {
    spreads.put(row, spread(some));
    members.put(row, some.stream().map(one -> new MeanTree.Member(one.tree, one.number)).toList());
  }

  /** Finds every number of a prompt's tree, each once. */
  private void collect(AttributionTree tree, Explained one, Set<Number> had) {
    if (!one.passesOn()) {
      Number number = new Number(placed(new One(tree, one)), one.level());
      if (!had.add(number)) {
        return;
      }
      met.computeIfAbsent(number, key -> new ArrayList<>()).add(new One(tree, one));
    }
    one.splits().forEach(split -> split.followed().forEach(part -> collect(tree, part, had)));
  }

  private PlacedPart placed(One one) {
    return SharedChoice.placed(places, one.prompt(), one.number.row());
  }

  private Mean mean(Number number) {
    Mean known = means.get(number);
    if (known == null) {
      List<One> all = met.get(number);
      double total = all.stream().mapToDouble(one -> one.number.total()).sum() / count;
      known = new Mean(total, splits(all, total));
      means.put(number, known);
    }
    return known;
  }

  /**
   * The splits of what is one number, or passes on to one.
   *
   * @param reference what shares are parts of
   */
  private List<Split> splits(List<One> all, double reference) {
    List<Way> ways =
        all.stream()
            .map(one -> one.number.splits().stream().map(Split::way).toList())
            .max(Comparator.comparingInt(List::size))
            .orElseThrow();
    return ways.stream().map(way -> split(way, all, reference)).toList();
  }

  private Split split(Way way, List<One> all, double reference) {
    Map<PlacedPart, Sum> sums = new LinkedHashMap<>();
    Map<PlacedPart, List<One>> followed = new LinkedHashMap<>();
    double total = 0;
    double unsplit = 0;
    for (One one : all) {
      total += one.number.total();
      Optional<Split> split =
          one.number.splits().stream().filter(some -> some.way() == way).findFirst();
      if (split.isEmpty()) {
        // Set by an edit in force here, and so not split.
        unsplit += one.number.total();
        continue;
      }
      for (Contribution row : split.get().parts().rows()) {
        PlacedPart part = SharedChoice.placed(places, one.prompt(), row);
        sums.computeIfAbsent(part, key -> new Sum()).add(row);
      }
      for (Explained part : split.get().followed()) {
        One below = new One(one.tree, part);
        followed.computeIfAbsent(placed(below), key -> new ArrayList<>()).add(below);
      }
    }
    Map<PlacedPart, Contribution> rows = new LinkedHashMap<>();
    sums.forEach((part, sum) -> rows.put(part, row(part, sum, reference * count)));
    List<Contribution> parts = new ArrayList<>(rows.values());
    if (unsplit != 0) {
      double mean = unsplit / count;
      parts.add(new Contribution(Part.OTHERS, -1, -1, -1, -1, Double.NaN, mean, mean / reference));
    }
    List<Explained> below = new ArrayList<>();
    followed.forEach((part, some) -> below.add(explained(rows.get(part), some, reference)));
    below.sort(
        Comparator.comparingDouble((Explained one) -> largest.size(one.row().contribution()))
            .reversed());
    double mean = total / count;
    double sum = parts.stream().mapToDouble(Contribution::contribution).sum();
    return new Split(way, new Attribution("the mean", mean, parts, sum - mean), below);
  }

  private Explained explained(Contribution row, List<One> some, double reference) {
    note(row, some);
    Explained first = some.get(0).number;
    double measured = some.stream().mapToDouble(one -> one.number.measured()).sum() / count;
    if (first.passesOn()) {
      return new Explained(
          row, first.level(), row.contribution(), splits(some, reference), List.of(), measured);
    }
    Mean mean = mean(new Number(placed(some.get(0)), first.level()));
    return new Explained(row, first.level(), mean.total, mean.splits, List.of(), measured);
  }

  /**
   * A row of the mean.
   *
   * @param reference sum over the prompts of what shares are parts of
   */
  private Contribution row(PlacedPart part, Sum sum, double reference) {
    return new Contribution(
        part.part(),
        part.layer(),
        part.index(),
        part.place(),
        sum.token,
        sum.activation / count,
        sum.contribution / count,
        sum.contribution / reference);
  }

  private MeanTree.Spread spread(List<One> some) {
    StandardDeviation deviation = StandardDeviation.create();
    some.forEach(one -> deviation.accept(one.number.row().contribution()));
    for (int absent = some.size(); absent < count; absent++) {
      deviation.accept(0);
    }
    return new MeanTree.Spread(some.size(), deviation.getAsDouble());
  }
}
