package org.zlens.repl;

import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.zlens.dsl.study.Study;

/** Tests of each study on each of its models. */
final class StudyModels {
  /** What is tested of a study on a model. */
  interface Check {
    void run(Study study, String model) throws Exception;
  }

  private StudyModels() {}

  /** A test for each study in a folder and each of its models that is asked for. */
  static Stream<DynamicTest> each(Path folder, Predicate<String> models, Check check) {
    return Study.names(folder).stream()
        .map(name -> Study.read(folder, name))
        .flatMap(
            study ->
                study.models().keySet().stream()
                    .filter(models)
                    .map(
                        model ->
                            DynamicTest.dynamicTest(
                                study.name() + " on " + model, () -> check.run(study, model))));
  }
}
