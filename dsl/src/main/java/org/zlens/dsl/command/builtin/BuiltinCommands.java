package org.zlens.dsl.command.builtin;

import java.util.List;
import org.zlens.dsl.command.Command;

/** The commands of the language itself, in the order of their verbs. */
public final class BuiltinCommands {
  private BuiltinCommands() {}

  /** One of each. */
  public static List<Command> all() {
    return List.of(
        new AblateCommand(),
        new CaptureCommand(),
        new CorpusCommand(),
        new DatasetCommand(),
        new DeviceCommand(),
        new DfaCommand(),
        new DlaCommand(),
        new EffectCommand(),
        new EvaluateSaeCommand(),
        new QuitCommand("exit"),
        new ExpectCommand(),
        new ExplainCommand(),
        new FamiliesCommand(),
        new FeaturesCommand(),
        new GroupCommand(),
        new HeadsCommand(),
        new HelpCommand(),
        new HistoryCommand(),
        new InductionCommand(),
        new IntervalCommand(),
        new JoinCommand(),
        new KotlinCommand(),
        new LogitsCommand(),
        new MarkCommand(),
        new MetricCommand(),
        new ModelCommand(),
        new PatchCommand(),
        new PatternCommand(),
        new PlotCommand(),
        new PromptCommand(),
        new ProvenanceCommand(),
        new QkCommand(),
        new QuitCommand("quit"),
        new RatingReadCommand(),
        new RatingSheetCommand(),
        new RdfaCommand(),
        new RecordCommand(),
        new ReplayCommand(),
        new ResetCommand(),
        new RunCommand(),
        new SaeCommand(),
        new SaeListCommand(),
        new SaeShowCommand(),
        new SaveCommand(),
        new SeedCommand(),
        new SelectCommand(),
        new SetCommand(),
        new ShowCommand(),
        new SitesCommand(),
        new SortCommand(),
        new SpecificityCommand(),
        new SpliceCommand(),
        new SteerCommand(),
        new StripsCommand(),
        new SweepFeaturesCommand(),
        new SweepHeadsCommand(),
        new TableCommand(),
        new TimingCommand(),
        new TokensCommand(),
        new TopCommand(),
        new TrainSaeCommand(),
        new TrainSprigCommand(),
        new WhereCommand());
  }
}
