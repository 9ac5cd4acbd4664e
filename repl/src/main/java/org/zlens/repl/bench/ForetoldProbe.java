package org.zlens.repl.bench;

import java.io.IOException;
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
  private static final String SECONDS = "(?:about|at most) ([\\d.e+-]+) s|under .*";
  private static final Pattern TIME =
      Pattern.compile("(?:" + SECONDS + "); it took ([\\d.e+-]+) s");
  private static final Pattern MEMORY =
      Pattern.compile(
          "(?:(?:about|at most) ([\\d.e+-]+) ([MG])B|under .*) beside the model; it took"
              + " ([\\d.e+-]+) ([MG])B more than before");
  private static final Map<String, Double> UNITS = Map.of("M", 1e6, "G", 1e9);

  private static final String OTHERS =
      "let other = dataset ioi n=%d seed=2 variant flipped aside; dataset ioi n=%1$d seed=1";

  /** How often each is run; the median counts, since others use the machine too. */
  private static final int TIMES = 3;

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
          "generate 2",
          "tokens by L2.F39",
          "pattern L2.H1 at END mean",
          "capture L1.z",
          "dfa L2.F39 at S2",
          "dfa L2.F39 on sprig tokens 65536",
          "qk L3.H0 at END on IO top 5",
          "qk L3.H0 at END on IO queries features via L2.H1 from S2 top 5",
          "rdfa L2.F39 at S2 depth 2 width 2",
          "rdfa L2.F39 at S2 depth 2 width 2 audit",
          "rdfa logit across prompts depth 1 width 2",
          "circuit nodes L0..L3 at S2 END threshold 0.2",
          "circuit curve L2..L3 at S2 END threshold 0.1 most 16",
          "circuit minimality L2..L3 at S2 END most 5",
          "circuit features L0..L3 at S2 END threshold 0.2",
          "evaluate sae L1 L2 on sprig tokens 16384",
          "families L2 on sprig tokens 16384",
          "specificity L1.F17 proxy (token in earlier) summary on sprig tokens 65536",
          "induction L1.H4 share 0.2 control 50 on sprig tokens 65536",
          "rating sheet L2 n 3 seed 5 to \"sheet.html\" on sprig tokens 16384",
          "train sae L1 width 512 tokens 32768 batch 1024 to \"sae\"");

  private TreeValue tree;

  private ForetoldProbe() {}

  public static void main(String[] arguments) throws IOException {
    Torch.setThreads(1);
    boolean sprig = arguments[0].equals("sprig");
    ForetoldProbe probe = new ForetoldProbe();
    try (TemporaryFolder folder = TemporaryFolder.open();
        Session session =
            new Session(
                new Registry(BuiltinCommands.all()), Settings.STANDARD, probe, folder.path())) {
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
        double[][] missed = new double[2][TIMES];
        for (int i = 0; i < TIMES; i++) {
          run(interpreter, command);
          run(interpreter, "explain " + command);
          double[] once = probe.missed(command);
          missed[0][i] = once[0];
          missed[1][i] = once[1];
        }
        worst[0] = Math.max(worst[0], Median.of(missed[0]));
        worst[1] = Math.max(worst[1], Median.of(missed[1]));
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
    boolean most = time.group().startsWith("at most");
    double[] missed = {
      // What ends early has kept within what was foretold.
      Foretold.missedBy(foretold, most ? Math.max(real, foretold) : real),
      Foretold.missedBy((long) held, (long) (most ? Math.max(taken, held) : taken))
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
