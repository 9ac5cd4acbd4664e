package org.zlens.dsl.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.zlens.dsl.command.BoundStage;
import org.zlens.dsl.command.BoundStatement;
import org.zlens.dsl.syntax.NamesUsed;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;

/** Tells how the results of a session's statements come to be. */
final class Origins {
  private final Session session;

  Origins(Session session) {
    this.session = session;
  }

  /**
   * How the result of a statement that begins now comes to be, as far as it has come whenever it is
   * asked.
   */
  Supplier<Provenance> begin(BoundStatement.Pipeline statement, SourceText source, Reads reads) {
    Set<String> names = NamesUsed.in(pipeline(statement.statement()));
    List<ProvenanceInput> variables = variables(names);
    boolean takesLast =
        statement.stages().get(0) instanceof BoundStage.Call call && call.takesLast();
    Lineage lineage = lineage(names, takesLast);
    Instant start = Instant.now();
    long began = System.nanoTime();
    return () ->
        new Provenance(
            Printer.print(statement.statement()),
            source.name(),
            source.line(statement.statement().span().start()),
            Stream.concat(session.inputs(reads.slots()).stream(), variables.stream()).toList(),
            session.settings().get(Settings.SEED),
            session.versions(),
            start,
            Duration.ofNanos(System.nanoTime() - began),
            lineage,
            reads.remembered());
  }

  /** Where the values of a loop come from; null if no statement made them. */
  Provenance ofLoop(BoundStatement.Loop loop, SourceText source) {
    Set<String> names = NamesUsed.in(loop.values());
    Lineage lineage = lineage(names, false);
    if (lineage.statements().isEmpty()) {
      return null;
    }
    return new Provenance(
        "for " + loop.name() + " in " + Printer.print(loop.values()),
        source.name(),
        source.line(loop.statement().span().start()),
        variables(names),
        session.settings().get(Settings.SEED),
        session.versions(),
        Instant.now(),
        Duration.ZERO,
        lineage,
        null);
  }

  private static Statement.Pipeline pipeline(Statement statement) {
    return statement instanceof Statement.Let let ? let.pipeline() : (Statement.Pipeline) statement;
  }

  /** The statements that made the results which these names stand for. */
  private Lineage lineage(Set<String> names, boolean takesLast) {
    List<Provenance> origins = new ArrayList<>();
    names.forEach(name -> session.origin(name).ifPresent(origins::add));
    boolean saysLast = names.contains("last") && !session.variables().containsKey("last");
    if (takesLast || saysLast || names.contains("_")) {
      session.lastOrigin().ifPresent(origins::add);
    }
    return Lineage.of(origins);
  }

  /** The values of the variables that a statement names: without them it could not run again. */
  private List<ProvenanceInput> variables(Set<String> names) {
    List<ProvenanceInput> inputs = new ArrayList<>();
    for (String name : names) {
      Value value = session.variables().get(name);
      boolean plain =
          value instanceof NumberValue
              || value instanceof TextValue
              || value instanceof AddressValue
              || value instanceof TruthValue;
      if (plain) {
        inputs.add(new ProvenanceInput("variable", name, value.toString()));
      }
    }
    return inputs;
  }
}
