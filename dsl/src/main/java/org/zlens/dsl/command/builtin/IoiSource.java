package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.BosRule;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.Ioi;
import org.zlens.engine.data.IoiChange;
import org.zlens.engine.data.IoiTemplate;
import org.zlens.engine.data.IoiWords;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.data.sprig.NamePairs;
import org.zlens.engine.data.sprig.SprigPrompts;

/** {@code dataset ioi}: indirect objects, as they are or corrupted. */
final class IoiSource implements PromptSource {
  private static final String MIXED = "mixed";
  private static final String HELD_OUT = "heldout";

  private static final Parameter<List<String>> TEMPLATES =
      Parameter.after(
              "templates",
              "which",
              Types.choice(MIXED, "all", "BABA", "ABBA", HELD_OUT, "baba", "abba"),
              "the paper's 14, all 30, the paper's of one order, or those that sprig never saw")
          .many()
          .orElse(List.of(MIXED));

  private static final Parameter<List<String>> NAMES =
      Parameter.after(
              "names",
              "list",
              Types.listOf(Types.STRING),
              "the first names to draw from, each a single token with a space in front")
          .optional();

  private static final Parameter<String> VARIANT =
      Parameter.after(
              "variant",
              "which",
              Types.choice("flipped", "swapped", "abc"),
              "other names: both replaced, in each other's places, or three different ones")
          .optional();

  private static final Parameter<String> JOINER =
      Parameter.after("joiner", "word", Types.NAME, "the word between the two names").orElse("and");

  private static final Parameter<Boolean> FILLER =
      Parameter.flag(
          "filler",
          "\"It was a nice day. \" in front and \" while the weather was nice\" before PUNCT; the"
              + " last space of the first is a token, as in the paper's code");

  @Override
  public String word() {
    return "ioi";
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(SEED, TEMPLATES, NAMES, VARIANT, JOINER, FILLER, BosRule.WITH, BosRule.WITHOUT);
  }

  @Override
  public Optional<Set<String>> labels() {
    return Optional.of(Set.of("IO", "S1", "S2", "AND", "PUNCT"));
  }

  @Override
  public Optional<Boolean> answered() {
    return Optional.of(true);
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (!arguments.isKnown(TEMPLATES) || !arguments.get(TEMPLATES).contains(HELD_OUT)) {
      return;
    }
    if (arguments.get(TEMPLATES).size() > 1) {
      throw arguments.fault(TEMPLATES, Kind.TYPE, "'heldout' stands alone", null);
    }
    if (arguments.has(BosRule.WITHOUT)) {
      throw arguments.fault(
          BosRule.WITHOUT, Kind.TYPE, "held-out prompts have a beginning-of-text token", null);
    }
    if (arguments.has(NAMES)) {
      throw arguments.fault(
          NAMES, Kind.TYPE, "held-out prompts have the names of sprig's text", null);
    }
  }

  @Override
  public PromptSet draw(Draw draw) {
    Arguments arguments = draw.arguments();
    boolean heldOut = arguments.get(TEMPLATES).contains(HELD_OUT);
    Ioi ioi =
        Ioi.draw(
            draw.tokenizer(),
            heldOut || draw.bos(),
            heldOut ? SprigPrompts.heldOutTemplates() : templates(arguments.get(TEMPLATES)),
            heldOut ? IoiWords.standard().withPairs(NamePairs::heldOut) : words(arguments),
            draw.count(),
            draw.seed());
    if (arguments.has(JOINER)) {
      ioi = ioi.joined(arguments.get(JOINER));
    }
    IoiChange change = change(arguments);
    // Drawn apart from the clean prompts, so that the same seed gives the prompts these belong to.
    long seed = new SplittableRandom(draw.seed()).split().nextLong();
    if (arguments.get(FILLER)) {
      return ioi.changedWithFiller(change, true, seed);
    }
    return change == IoiChange.NONE ? ioi.prompts() : ioi.changed(change, seed);
  }

  private static IoiChange change(Arguments arguments) {
    return switch (arguments.find(VARIANT).orElse("")) {
      case "flipped" -> IoiChange.FLIPPED;
      case "swapped" -> IoiChange.SWAPPED;
      case "abc" -> IoiChange.THREE_NAMES;
      default -> IoiChange.NONE;
    };
  }

  private static IoiWords words(Arguments arguments) {
    IoiWords standard = IoiWords.standard();
    return arguments
        .find(NAMES)
        .map(names -> new IoiWords(names, standard.places(), standard.objects(), standard.pairs()))
        .orElse(standard);
  }

  private static List<IoiTemplate> templates(List<String> which) {
    Set<IoiTemplate> some = new LinkedHashSet<>();
    which.forEach(one -> templates(one).forEach(some::add));
    return List.copyOf(some);
  }

  private static Stream<IoiTemplate> templates(String which) {
    return switch (which) {
      case "all" -> IoiTemplate.all().stream();
      case "BABA", "baba" -> ordered(IoiTemplate.Order.BABA);
      case "ABBA", "abba" -> ordered(IoiTemplate.Order.ABBA);
      default -> IoiTemplate.mixed().stream();
    };
  }

  private static Stream<IoiTemplate> ordered(IoiTemplate.Order order) {
    return IoiTemplate.mixed().stream().filter(template -> template.order() == order);
  }

  @Override
  public String note(Draw draw) {
    Arguments arguments = draw.arguments();
    List<String> said = new ArrayList<>();
    said.add(
        "templates "
            + String.join(", ", arguments.get(TEMPLATES))
            + (arguments.has(TEMPLATES) ? "" : " (default)"));
    said.add(PromptSource.seedNote(draw));
    arguments.find(VARIANT).ifPresent(variant -> said.add("variant " + variant));
    if (arguments.has(JOINER)) {
      said.add("joiner " + arguments.get(JOINER));
    }
    if (arguments.get(FILLER)) {
      said.add("filler");
    }
    return String.join(", ", said);
  }
}
