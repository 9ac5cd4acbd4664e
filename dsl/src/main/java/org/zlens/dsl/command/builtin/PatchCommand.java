package org.zlens.dsl.command.builtin;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Position;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.OtherPrompts;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.intervene.Counterparts;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.PositionMap;
import org.zlens.engine.intervene.Replacement;

/** {@code patch}: the model with values that it has on other prompts. */
public final class PatchCommand implements MeasuredEdit {
  private static final Parameter<List<Address>> TARGETS =
      Parameter.of("what", Types.TARGET, "what takes other values, all together").many();

  private static final Parameter<Value> FROM =
      Parameter.after("from", "prompts", Types.PROMPTS, "prompts that the values are from")
          .optional();

  private static final Parameter<Integer> ROW =
      Parameter.after(
              "row",
              "number",
              Types.index(),
              "the one prompt that all values are from, counted from 0; of the current ones"
                  + " without 'from'")
          .optional();

  private static final Parameter<List<Position>> SOURCE =
      Parameter.after(
              "source", "position", Types.POSITION, "where there, if not at the same labels")
          .many()
          .optional();

  private static final Parameter<Integer> OFFSET =
      Parameter.after(
              "offset",
              "tokens",
              Types.wholeInt(-1_000_000, 1_000_000),
              "tokens to go on from there")
          .orElse(0);

  private static final Signature SIGNATURE =
      Signature.verb("patch", Group.INTERVENE, "measure what values of other prompts do here")
          .details(
              """
              Runs the prompts once as they are and once with values of other prompts, and says \
              the metric of both. The other prompts run without any edits: as many as there are \
              here, one for each in their order, or one for all. 'at S2' takes what stands at each \
              prompt's own S2 in both; 'source' names other places there, 'offset' goes on by so \
              many tokens; without 'at', or with 'any', the same numbers of tokens are meant. A \
              patch of what is there already is an error. In 'with patch ... { }' the change stays \
              in force for the statements of the block.""")
          .parameters(TARGETS, FROM, ROW, InterventionTable.AT, SOURCE, OFFSET)
          .parameters(PromptGroups.BY, InterventionTable.EACH)
          .result(ValueKind.TABLE)
          .example(
              """
              model sprig
              let other = dataset ioi n 8 seed 2
              dataset ioi n 8
              patch L1.attn_out L2.attn_out at S2 from other""",
              "attention outputs of other prompts, each from its S2")
          .example(
              "model sprig\ndataset ioi n 8\npatch L2.H3.z at END row 0",
              "a head as it is in the first prompt")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public String changed() {
    return "patched";
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requirePrompts(forecast);
    if (!arguments.has(FROM) && !arguments.has(ROW)) {
      throw arguments.fault(
          TARGETS,
          Kind.USAGE,
          "'patch' needs 'from' and prompts, or 'row' and a number",
          "usage: " + SIGNATURE.usage());
    }
  }

  @Override
  public List<Intervention> edits(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Places places = InterventionTable.places(arguments, bench);
    Targets targets = Targets.of(bench, arguments, TARGETS);
    if (!arguments.has(FROM)) {
      Replacement rule = Replacement.own(counterparts(arguments, bench, places, bench.prompts()));
      return targets.replace(location -> rule, places.where());
    }
    OtherPrompts other = OtherPrompts.of(bench, arguments, FROM);
    Counterparts counterparts = counterparts(arguments, bench, places, other.set());
    Activations values = other.values(targets.locations());
    return targets.replace(
        location -> Replacement.patch(values.get(location), counterparts), places.where());
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Estimate own = MeasuredEdit.super.estimate(arguments, session);
    if (!arguments.has(FROM)) {
      return own;
    }
    Workbench bench = Workbench.of(session);
    Targets targets = Targets.of(bench, arguments, TARGETS);
    return OtherPrompts.of(bench, arguments, FROM).estimate(targets.locations(), own);
  }

  private static Counterparts counterparts(
      Arguments arguments, Workbench bench, Places places, PromptSet source) {
    int[] partners = partners(arguments, bench.prompts().size(), source);
    int offset = arguments.get(OFFSET);
    Parameter<?> blamed =
        arguments.has(SOURCE)
            ? SOURCE
            : arguments.has(OFFSET) ? OFFSET : arguments.has(FROM) ? FROM : ROW;
    try {
      PositionMap map =
          arguments.has(SOURCE)
              ? places.in(source, arguments.get(SOURCE), offset)
              : places.in(source, offset);
      return Counterparts.paired(places.inOrder(), partners, map);
    } catch (ZlensException e) {
      throw arguments.fault(blamed, e.kind(), e.getMessage(), e.hint());
    }
  }

  /** The other prompt of each prompt. */
  private static int[] partners(Arguments arguments, int prompts, PromptSet source) {
    int[] partners = new int[prompts];
    if (arguments.has(ROW)) {
      int row = arguments.get(ROW);
      if (row >= source.size()) {
        throw arguments.fault(
            ROW,
            Kind.NAME,
            "no prompt " + row + " in '" + source.name() + "' (it has " + source.size() + ")",
            "prompts run from 0 to " + (source.size() - 1));
      }
      Arrays.fill(partners, row);
      return partners;
    }
    if (source.size() == 1) {
      return partners;
    }
    if (source.size() != prompts) {
      throw arguments.fault(
          FROM,
          Kind.TYPE,
          prompts + " prompts cannot take values from " + source.size(),
          "as many prompts, or one of them with 'row'");
    }
    return IntStream.range(0, prompts).toArray();
  }
}
