package org.zlens.dsl.command.builtin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.BoundStage;
import org.zlens.dsl.command.BoundStatement;
import org.zlens.dsl.command.HelpText;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Reading;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.Runs;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.TreeNode;
import org.zlens.dsl.session.TreeValue;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.plan.MachineSpeed;
import org.zlens.engine.runtime.Scope;

/** What a checked statement would do, as a tree. */
final class Explanation {
  private static final String DETAIL = "detail";

  private final Session session;

  Explanation(Session session) {
    this.session = session;
  }

  TreeValue of(BoundStatement.Pipeline statement) {
    List<TreeNode> stages = new ArrayList<>();
    boolean looks = false;
    for (BoundStage stage : statement.stages()) {
      if (stage instanceof BoundStage.Call call) {
        stages.add(call(call));
        looks |= call.command().signature().input().isEmpty();
      } else {
        stages.add(node("a value", "gives " + stage.kind().phrase(), List.of()));
      }
    }
    if (looks) {
      stages.addAll(ProvenanceTree.inputs(session.contents()));
      stages.add(node("seed", Long.toString(session.settings().get(Settings.SEED)), List.of()));
    }
    Statement written = statement.statement();
    return new TreeValue(
        "explain",
        node(Printer.print(written), "nothing of it has run", stages),
        Map.of(),
        List.of());
  }

  private TreeNode call(BoundStage.Call call) {
    Signature signature = call.command().signature();
    List<TreeNode> parts = new ArrayList<>();
    for (Parameter<?> parameter : signature.parameters()) {
      String text = argument(call.arguments(), parameter);
      if (text != null) {
        String name = parameter.word() == null ? parameter.name() : parameter.word();
        parts.add(node(name, text, List.of()));
      }
    }
    parts.add(node("takes and gives", HelpText.pipe(signature), List.of()));
    parts.add(node("cache", cache(call), List.of()));
    plan(call).ifPresent(parts::add);
    return node(signature.verb(), signature.summary(), parts);
  }

  /** What a command with a plan would do, where everything that it needs is there. */
  private Optional<TreeNode> plan(BoundStage.Call call) {
    if (!(call.command() instanceof Planned planned)
        || planned.ownModel().isEmpty() && session.find(Slots.MODEL).isEmpty()) {
      return Optional.empty();
    }
    try (Scope scope = Scope.open()) {
      Arguments arguments = call.complete(NothingValue.NOTHING, session);
      if (planned.wantsPrompts(arguments) && session.find(Slots.PROMPTS).isEmpty()) {
        return Optional.empty();
      }
      Estimate estimate = planned.estimate(arguments, session);
      if (estimate.equals(Estimate.NONE)) {
        return Optional.empty();
      }
      ModelConfig config =
          planned.ownModel().orElseGet(() -> Workbench.of(session).model().config());
      double seconds = estimate.cost().seconds(MachineSpeed.of(config));
      Runs.Told told = session.runs().ask(call.command(), arguments, estimate, seconds);
      return Optional.of(PlanTree.of(estimate, told));
    }
  }

  /** What a parameter is given, or its default; null where it has neither. */
  private static String argument(Arguments arguments, Parameter<?> parameter) {
    if (arguments.has(parameter)) {
      return parameter.isFlag() ? "said" : arguments.written(parameter);
    }
    return parameter.isFlag() || parameter.initial() == null
        ? null
        : parameter.initial() + " (default)";
  }

  private String cache(BoundStage.Call call) {
    Signature signature = call.command().signature();
    if (!signature.input().isEmpty()) {
      return "runs each time, on what comes in";
    } else if (!signature.isPure()) {
      return "runs each time";
    } else if (session.settings().get(Settings.CACHE) == 0) {
      return "runs, since the cache is off";
    } else if (session.mustSeeRuns()) {
      return "runs each time while edits are in force";
    }
    try {
      Optional<Instant> computed =
          session
              .cache()
              .computed(
                  call.command(),
                  call.arguments().complete(new Reading(session.forecast()), NothingValue.NOTHING));
      return computed
          .map(at -> "its result comes from the cache, computed " + at)
          .orElse("runs, and its result is kept");
    } catch (RuntimeException e) {
      if (!Reading.isUnknown(e)) {
        throw e;
      }
      return "known when it runs";
    }
  }

  private static TreeNode node(String label, String detail, List<TreeNode> children) {
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put(DETAIL, detail);
    cells.put(ProvenanceTree.HASH, null);
    return new TreeNode(label, cells, children);
  }
}
