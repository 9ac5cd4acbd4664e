package org.zlens.dsl.command.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.plan.WholePass;

/**
 * What a command would do, and what it would take.
 *
 * @param facts what it does, in the order in which they are shown
 * @param cost its work
 * @param bytes most memory at a time, the model apart
 * @param atMost whether it may end before it has done all of that
 */
public record Estimate(List<Fact> facts, Cost cost, long bytes, boolean atMost) {
  /** Nothing to do. */
  public static final Estimate NONE = new Estimate(List.of(), Cost.NONE, 0);

  private static final String LOGITS = "logits";
  private static final long UNCLEARED = 64_000_000;

  /** One thing that a command does. */
  public record Fact(String name, String text) {}

  /** Keeps the facts from changing. */
  public Estimate {
    facts = List.copyOf(facts);
  }

  /** What does all of that. */
  public Estimate(List<Fact> facts, Cost cost, long bytes) {
    this(facts, cost, bytes, false);
  }

  /** The same where it may end before it has done all of that. */
  public Estimate orLess() {
    return new Estimate(facts, cost, bytes, true);
  }

  /**
   * Passes over whole prompts, one after the other.
   *
   * @param times how often each of them is made
   */
  public static Estimate of(List<WholePass> passes, long times) {
    return of(passes, times, "prompt");
  }

  /**
   * The same over what is not prompts.
   *
   * @param row what it is, for example a row
   */
  public static Estimate of(List<WholePass> passes, long times, String row) {
    Cost cost = passes.stream().map(WholePass::cost).reduce(Cost.NONE, Cost::plus).times(times);
    long bytes = passes.stream().mapToLong(WholePass::bytes).max().orElse(0);
    return new Estimate(facts(passes, times, row), cost, bytes);
  }

  private static List<Fact> facts(List<WholePass> passes, long times, String row) {
    int prompts = passes.stream().mapToInt(WholePass::rows).max().orElse(0);
    int layers = passes.stream().mapToInt(WholePass::layers).max().orElse(0);
    int positions = passes.stream().mapToInt(WholePass::positions).max().orElse(0);
    long places = times * passes.stream().mapToLong(WholePass::logits).sum();
    boolean back = passes.stream().anyMatch(WholePass::gradients);
    int columns = passes.isEmpty() ? 0 : passes.get(0).columns();
    List<Fact> facts = new ArrayList<>();
    String whole = Counted.of(times * passes.size(), "whole pass", "whole passes");
    String batches = " over " + (passes.size() > 1 ? "at most " : "") + Counted.of(prompts, row);
    facts.add(new Fact("passes", whole + batches + (back ? ", and back for gradients" : "")));
    facts.add(
        new Fact("layers", layers == 0 ? "none" : layers == 1 ? "L0" : "L0 to L" + (layers - 1)));
    facts.add(new Fact("positions", "all " + positions + " of a " + row));
    facts.add(new Fact(LOGITS, logits(places, columns)));
    return facts;
  }

  /**
   * Which logits are read, in words.
   *
   * @param columns of how many tokens at each place; 0 for all
   */
  public static String logits(long places, int columns) {
    if (places == 0) {
      return "none are computed";
    }
    return (columns == 0 ? "of all tokens" : "of " + Counted.of(columns, "token"))
        + " at "
        + Counted.of(places, "place");
  }

  /** This with another after it. */
  public Estimate then(Estimate later) {
    return new Estimate(
        Stream.concat(facts.stream(), later.facts.stream()).toList(),
        cost.plus(later.cost),
        Math.max(bytes, later.bytes),
        atMost || later.atMost);
  }

  /** This with the logits of all tokens read at some places, one after the other. */
  public Estimate reading(long places, ModelConfig config) {
    List<Fact> told =
        facts.stream()
            .map(f -> f.name().equals(LOGITS) ? new Fact(LOGITS, logits(places, 0)) : f)
            .toList();
    Cost more = WholePass.logits(config, 1).times(places);
    // Tokens are ranked in the program's own memory, which is cleared only now and then.
    long ranked = Math.min(UNCLEARED, 4L * Float.BYTES * places * config.dVocab());
    long one = 2L * Float.BYTES * config.dVocab();
    return new Estimate(told, cost.plus(more), bytes + one + ranked, atMost);
  }

  /** This with more work in it. */
  public Estimate with(Cost more) {
    return new Estimate(facts, cost.plus(more), bytes, atMost);
  }

  /** This with more memory that is held all the time. */
  public Estimate holding(long more) {
    return new Estimate(facts, cost, bytes + more, atMost);
  }

  /** The same work, told by other facts. */
  public Estimate told(Fact... other) {
    return new Estimate(List.of(other), cost, bytes, atMost);
  }

  /** This with what its facts are about in front of them, where several parts make a whole. */
  public Estimate of(String part) {
    return new Estimate(
        facts.stream().map(fact -> new Fact(part + ": " + fact.name(), fact.text())).toList(),
        cost,
        bytes,
        atMost);
  }
}
