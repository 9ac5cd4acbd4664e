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
    List<ProvenanceInput> script = script(source);
    boolean takesLast =
        statement.stages().get(0) instanceof BoundStage.Call call && call.takesLast();
    List<Provenance> origins = origins(names, takesLast);
    Instant start = Instant.now();
    long began = System.nanoTime();
    return () ->
        new Provenance(
            Printer.print(statement.statement()),
            source.name(),
            source.line(statement.statement().span().start()),
            Stream.of(script, session.inputs(reads.slots()), reads.files(), variables)
                .flatMap(List::stream)
                .distinct()
                .toList(),
            session.settings().get(Settings.SEED),
            session.versions(),
            start,
            Duration.ofNanos(System.nanoTime() - began),
            Lineage.of(Stream.concat(origins.stream(), reads.origins().stream()).toList()),
            reads.remembered());
  }

  /** Where the values of a loop come from; null if no statement made them. */
  Provenance ofLoop(BoundStatement.Loop loop, SourceText source) {
    Set<String> names = NamesUsed.in(loop.values());
    Lineage lineage = Lineage.of(origins(names, false));
    if (lineage.statements().isEmpty()) {
      return null;
    }
    return new Provenance(
        "for " + loop.name() + " in " + Printer.print(loop.values()),
        source.name(),
        source.line(loop.statement().span().start()),
        Stream.concat(script(source).stream(), variables(names).stream()).toList(),
        session.settings().get(Settings.SEED),
        session.versions(),
        Instant.now(),
        Duration.ZERO,
        lineage,
        null);
  }

  /** The file that a statement stands in. */
  private List<ProvenanceInput> script(SourceText source) {
    return source.path() == null
        ? List.of()
        : List.of(new ProvenanceInput("script", session.files().name(source), source.sha256()));
  }

  private static Statement.Pipeline pipeline(Statement statement) {
    if (statement instanceof Statement.Let let) {
      return let.pipeline();
    }
    return statement instanceof Statement.Param parameter
        ? parameter.value()
        : (Statement.Pipeline) statement;
  }

  /** How the results came to be that these names stand for. */
  private List<Provenance> origins(Set<String> names, boolean takesLast) {
    List<Provenance> origins = new ArrayList<>();
    names.forEach(name -> session.origin(name).ifPresent(origins::add));
    boolean saysLast = names.contains("last") && !session.variables().containsKey("last");
    if (takesLast || saysLast || names.contains("_")) {
      session.lastOrigin().ifPresent(origins::add);
    }
    return origins;
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
