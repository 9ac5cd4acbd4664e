package org.zlens.repl.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.engine.model.Transformer;

/** A verb whose {@code run} comes to run the model, by whatever ways, has a plan. */
class PlannedVerbsTest {
  /** Runs of the model itself. */
  private static final Set<String> PASSES = Set.of("forward", "rerun");

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.zlens.engine", "org.zlens.dsl.command");

  @Test
  void whatRunsTheModelHasAPlan() {
    Set<String> without =
        BuiltinCommands.all().stream()
            .filter(command -> !(command instanceof Planned))
            .filter(this::runsTheModel)
            .map(command -> command.signature().verb())
            .collect(Collectors.toCollection(TreeSet::new));
    // It runs no prompts: a few words of its own tell which way around the weights of an SAE are.
    assertThat(without).containsExactly("sae");
  }

  @Test
  void whatHasAPlanRunsTheModel() {
    List<String> idle =
        BuiltinCommands.all().stream()
            .filter(Planned.class::isInstance)
            .filter(command -> !runsTheModel(command))
            .map(command -> command.signature().verb())
            .toList();
    assertThat(idle).isEmpty();
  }

  private boolean runsTheModel(Command command) {
    Deque<JavaCodeUnit> open = new ArrayDeque<>();
    Set<JavaCodeUnit> seen = new HashSet<>();
    classes.get(command.getClass()).getAllMethods().stream()
        .filter(method -> method.getName().equals("run"))
        .forEach(open::add);
    while (!open.isEmpty()) {
      JavaCodeUnit unit = open.poll();
      if (!seen.add(unit)) {
        continue;
      }
      if (unit.getOwner().isEquivalentTo(Transformer.class) && PASSES.contains(unit.getName())) {
        return true;
      }
      Stream.concat(unit.getCallsFromSelf().stream(), unit.getCodeUnitReferencesFromSelf().stream())
          .map(JavaAccess::getTarget)
          .flatMap(target -> target.resolveMember().stream())
          .filter(JavaCodeUnit.class::isInstance)
          .map(JavaCodeUnit.class::cast)
          .forEach(open::add);
    }
    return false;
  }
}
