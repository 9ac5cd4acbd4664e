package org.zlens.repl.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/**
 * The program behind {@code bin/bench}: runs benchmarks by name and prints a JSON object a line.
 */
public final class Bench {
  private static final List<Benchmark> ALL =
      List.of(
          new AttributionPatching(),
          AttributionSpeed.tree(),
          AttributionSpeed.memory(),
          new TreeAuditSpeed(),
          new LongPrompt(),
          new CaptureMemory(),
          new CompletionTime(),
          new DashboardsLayer(),
          new DashboardsSprig(),
          new DfaCorpus(),
          new ExplainForetold(),
          new ExplorerSpeed(),
          new ForwardBenchmark(),
          GenerationSpeed.withCache(),
          GenerationSpeed.ofOneToken(),
          new GpuBenchmark(),
          new HelpStart(),
          FirstResult.logits(),
          FirstResult.features(),
          new HubThroughput(),
          new IdleMemory(),
          new ReplStart(),
          new BindTenThousand(),
          new KotlinScript(),
          new KotlinLine(),
          new InterruptSweep(),
          new LoadMemory(),
          new LoadSecond(),
          new PageSpeed(),
          new QkTable(),
          new SaeStep(),
          new SaeOpen(),
          new SaeEncode(),
          new StudiesTime(),
          SweepSpeed.features(),
          SweepSpeed.heads(),
          SweepSpeed.sprig(),
          new TrainThroughput());

  private static final int LACKING = 3;

  private Bench() {}

  public static void main(String[] names) throws IOException, InterruptedException {
    System.exit(run(List.of(names), System.out, System.err));
  }

  /**
   * Runs the benchmarks of these names, or all; returns 2 if there is none of a name, 3 if one of
   * these names cannot be measured on this machine.
   */
  static int run(List<String> names, PrintStream out, PrintStream err)
      throws IOException, InterruptedException {
    List<String> known = ALL.stream().map(Benchmark::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        err.println("error: no benchmark '" + name + "'");
        err.println("  hint: there are " + String.join(", ", known));
        return 2;
      }
    }
    int status = 0;
    for (Benchmark benchmark : ALL) {
      if (names.isEmpty() || names.contains(benchmark.name())) {
        Optional<String> missing = benchmark.missing();
        if (missing.isPresent()) {
          err.println(
              (names.isEmpty() ? "left out " : "error: ")
                  + benchmark.name()
                  + ": "
                  + missing.get());
          status = names.isEmpty() ? status : LACKING;
          continue;
        }
        for (Measurement found : benchmark.measureAll()) {
          out.println(found.json());
          out.flush();
        }
      }
    }
    return status;
  }
}
