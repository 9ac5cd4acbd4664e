package org.zlens.repl.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.TreeNode;
import org.zlens.dsl.session.TreeValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.plan.Foretold;
import org.zlens.engine.runtime.Torch;

/**
 * A process that asks of some commands what they would take, runs them, and asks again, as a user
 * would. It prints how far time and memory were missed at the worst, and how many commands ran;
 * what each of them came to goes to the other stream.
 */
final class ForetoldProbe implements ResultListener {
  private static final String SECONDS = "about ([\\d.e+-]+) s|under .*";
  private static final Pattern TIME =
      Pattern.compile("(?:" + SECONDS + "); it took ([\\d.e+-]+) s");
  private static final Pattern MEMORY =
      Pattern.compile(
          "(?:about ([\\d.e+-]+) ([MG])B|under .*) beside the model; it took ([\\d.e+-]+) ([MG])B"
              + " more than before");
  private static final Map<String, Double> UNITS = Map.of("M", 1e6, "G", 1e9);

  private static final String OTHERS =
      "let other = dataset ioi n=%d seed=2 variant flipped aside; dataset ioi n=%1$d seed=1";

  private static final List<String> ON_SMALL =
      List.of(
          "ablate head L5.H3 zero at S2",
          "patch L6.resid_pre at END from other",
          "hook L3.mlp_out at S2 becomes x * 0.5",
          "ablate site L9.pattern zero at END",
          "logits",
          "capture L5.z",
          "pattern L7.H2 at END mean",
          "pathpatch L5.H3 at S2 into L8.H1.q L9.H2.q through all",
          "steer L4.resid_pre scale 0.5 at S2",
          "sweep heads L5 at END",
          "dla by head",
          "sweep mlps at END",
          "sweep sites attn_out at S2 END zero",
          "attribute heads at END exact 5",
          "attribute sites resid_pre attn_out at S2 END zero exact 5");

  private static final List<String> ON_SPRIG =
      List.of(
          "ablate feature L2.F39 at S2",
          "steer L2.F17 by 2 at END",
          "splice L2",
          "patch L2.attn_out at S2 from other",
          "pathpatch L1.H3 at S2 into L2.H0.v L3.H1.v",
          "hook L2.z at S2 becomes x * 0.5",
          "logits",
          "features L2 at S2",
          "dla by feature",
          "sweep features L1 at S2",
          "sweep heads at END",
          "sweep mlps at S2",
          "sweep sites at S2 END from other",
          "attribute features L1 at S2 exact 5",
          "attribute heads at END exact 5",
          "generate 2");

  private TreeValue tree;

  private ForetoldProbe() {}

  public static void main(String[] arguments) {
    Torch.setThreads(1);
    boolean sprig = arguments[0].equals("sprig");
    ForetoldProbe probe = new ForetoldProbe();
    try (Session session =
        new Session(new Registry(BuiltinCommands.all()), Settings.STANDARD, probe, Path.of(""))) {
      Interpreter interpreter = new Interpreter(session);
      run(interpreter, "set cache 0");
      run(interpreter, sprig ? "model sprig" : "model \"" + arguments[0] + "\"");
      double[] worst = {1, 1};
      List<String> commands = sprig ? ON_SPRIG : ON_SMALL;
      for (String command : commands) {
        // What a process loads and compiles once is no part of what a command takes.
        run(interpreter, String.format(Locale.ROOT, OTHERS, sprig ? 8 : 2));
        run(interpreter, command);
        run(interpreter, String.format(Locale.ROOT, OTHERS, sprig ? 200 : 64));
        run(interpreter, "explain " + command);
        run(interpreter, command);
        run(interpreter, "explain " + command);
        double[] missed = probe.missed(command);
        worst[0] = Math.max(worst[0], missed[0]);
        worst[1] = Math.max(worst[1], missed[1]);
      }
      System.out.println(worst[0] + " " + worst[1] + " " + commands.size());
    }
  }

  private static void run(Interpreter interpreter, String script) {
    interpreter.run(new SourceText("bench", script));
  }

  @Override
  public void onValue(Statement statement, Value value, Provenance origin) {
    if (value instanceof TreeValue explained) {
      tree = explained;
    }
  }

  private double[] missed(String command) {
    Matcher time = matched(TIME, "time");
    Matcher memory = matched(MEMORY, "memory");
    double foretold = time.group(1) == null ? 0 : Double.parseDouble(time.group(1));
    double real = Double.parseDouble(time.group(2));
    double held = memory.group(1) == null ? 0 : bytes(memory, 1);
    double taken = bytes(memory, 3);
    double[] missed = {
      Foretold.missedBy(foretold, real), Foretold.missedBy((long) held, (long) taken)
    };
    System.err.printf(
        Locale.ROOT,
        "%-60s %.3f s, real %.3f s (%.2f); %.0f MB, real %.0f MB (%.2f)%n",
        command,
        foretold,
        real,
        missed[0],
        held / 1e6,
        taken / 1e6,
        missed[1]);
    return missed;
  }

  private static double bytes(Matcher memory, int group) {
    return Double.parseDouble(memory.group(group)) * UNITS.get(memory.group(group + 1));
  }

  private Matcher matched(Pattern pattern, String name) {
    String detail = detail(tree.root(), name);
    Matcher matcher = pattern.matcher(detail);
    if (!matcher.matches()) {
      throw new IllegalStateException("'" + detail + "' does not say what it took");
    }
    return matcher;
  }

  /** The detail of a part of the plan. */
  private static String detail(TreeNode node, String name) {
    for (TreeNode child : node.children()) {
      if (node.label().equals("plan") && child.label().equals(name)) {
        return child.cells().get("detail").toString();
      }
      String below = detail(child, name);
      if (below != null) {
        return below;
      }
    }
    return null;
  }
}
