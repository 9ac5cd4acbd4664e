package org.zlens.repl.house;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.Console;
import java.net.ServerSocket;
import java.nio.Buffer;
import org.zlens.repl.Main;
import org.zlens.repl.Rehearsal;
import org.zlens.repl.Streams;

/** Who may know whom: engine, language, terminal, and the native library behind the runtime. */
@AnalyzeClasses(
    packages = {"org.zlens", "ai.djl.pytorch.jni"},
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.OwnClasses.class})
class ArchitectureTest {
  /** Our own classes; one of them stands in a package of the binding. */
  static final class OwnClasses implements ImportOption {
    @Override
    public boolean includes(Location location) {
      boolean own = location.contains("org/zlens") || location.contains("ModuleMethod");
      return own && !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule THE_ENGINE_KNOWS_NO_LANGUAGE_AND_NO_TERMINAL =
      noClasses()
          .that()
          .resideInAPackage("org.zlens.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.zlens.dsl..", "org.zlens.repl..");

  @ArchTest
  static final ArchRule THE_LANGUAGE_KNOWS_NO_TERMINAL =
      noClasses()
          .that()
          .resideInAPackage("org.zlens.dsl..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.zlens.repl..");

  @ArchTest
  static final ArchRule ONLY_THE_TERMINAL_MODULE_USES_JLINE =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.zlens.repl..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("org.jline..").or(type(Console.class)));

  @ArchTest
  static final ArchRule ONLY_THE_TERMINAL_MODULE_TOUCHES_STANDARD_STREAMS =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.zlens.repl..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .accessField(System.class, "in")
          .orShould()
          .callMethod(System.class, "console")
          .orShould()
          .callMethod(System.class, "exit", int.class);

  @ArchTest
  static final ArchRule STANDARD_STREAMS_ENTER_THE_TERMINAL_MODULE_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideInAPackage("org.zlens.repl..")
          .and()
          .resideOutsideOfPackage("org.zlens.repl.bench..")
          .and()
          .doNotBelongToAnyOf(Streams.class, Main.class, Rehearsal.class)
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .accessField(System.class, "in");

  @ArchTest
  static final ArchRule ONLY_THE_PAGE_OF_A_SESSION_LISTENS =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.zlens.repl.explore..", "org.zlens.repl.bench..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "com.sun.net.httpserver..")
                  .or(type(ServerSocket.class)));

  @ArchTest
  static final ArchRule ONLY_THE_RUNTIME_KNOWS_THE_NATIVE_LIBRARY =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.zlens.engine.runtime..", "ai.djl.pytorch.jni..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("ai.djl..").and(resideOutsideOfPackage("ai.djl.huggingface..")));

  /** Calls that abort the process, cut gradients, give zeros for them, or alias instead of copy. */
  @ArchTest
  static final ArchRule NOBODY_USES_THE_BINDINGS_TRAPS =
      noClasses()
          .should()
          .callMethodWhere(
              target(owner(resideInAPackage("ai.djl..")))
                  .and(
                      target(
                          nameMatching(
                              "toType|toDevice|duplicate|getGradient|setRequiresGradient|set"
                                  + "|stopGradient|softmax|logSoftmax|decode"))))
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl.training..")
          .orShould()
          .callMethod(NDManager.class, "create", Buffer.class, Shape.class);
}
