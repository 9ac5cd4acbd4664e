package org.zlens.dsl.command.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.model.ModelLoader;
import tech.tablesaw.api.Table;

/** SAEs that belong to the model and SAEs that do not. */
class SaeFilesTest {
  @TempDir private Path directory;

  private static String tiny() {
    return "model \"" + Fixtures.path("gpt2-tiny/hf") + "\"";
  }

  private static String saes(String name) {
    return "sae \"" + Fixtures.path("saes").resolve(name) + "\"";
  }

  @Test
  void saeOfAnotherWidth() {
    assumeTrue(ModelLoader.hasSprig(), "this build has no embedded model");
    try (Conversation talk = new Conversation(directory)) {
      talk.ask("model sprig");
      Diagnostic failure = talk.fail(saes("saelens-v6"));
      assertThat(failure.message()).contains("but the site has 128 in this model");
      assertThat(failure.kind()).isEqualTo(Kind.DATA);
      assertThat(talk.ask("sae").table().rowCount()).isEqualTo(8);
    }
  }

  /** The same width is no proof of the same model. */
  @Test
  void saesThatSayTheyAreOfAnotherModel() throws IOException {
    assumeTrue(ModelLoader.hasSprig(), "this build has no embedded model");
    try (Conversation talk = new Conversation(directory)) {
      talk.ask("model sprig");
      talk.ask("train sae L1 width 64 tokens 1024 batch 256 to \"own\"");
      assertThat(talk.ask("sae \"own\"").notes()).noneMatch(note -> note.contains("another model"));
      Path settings;
      try (Stream<Path> files = Files.walk(directory.resolve("own"))) {
        settings = files.filter(file -> file.endsWith("cfg.json")).findFirst().orElseThrow();
      }
      String text = Files.readString(settings);
      assertThat(text).contains("\"sprig\"");
      Files.writeString(settings, text.replace("\"sprig\"", "\"gpt2-small\""));
      assertThat(talk.ask("sae \"own\"").notes())
          .contains("trained on another model: 'gpt2-small', not sprig (L1.z)");
    }
  }

  @Test
  void saesOfSprigOnOtherWeights() {
    assumeTrue(ModelLoader.hasSprig(), "this build has no embedded model");
    try (Conversation talk = new Conversation(directory)) {
      talk.ask("model sprig processing none");
      assertThat(talk.ask("sae sprig").notes())
          .anyMatch(note -> note.startsWith("converted: b_dec moved by the value biases"))
          .anyMatch(note -> note.startsWith("converted: the mean over d_model is taken out"));
      double[] stored = recovered(talk);
      talk.ask("model sprig");
      assertThat(talk.ask("sae").notes()).isEmpty();
      double[] processed = recovered(talk);
      for (int i = 0; i < processed.length; i++) {
        assertThat(stored[i]).isCloseTo(processed[i], within(1e-4));
      }
    }
  }

  private static double[] recovered(Conversation talk) {
    Table table = talk.ask("dataset ioi n 10 seed 2\nevaluate sae L1 L2").table();
    Table residual = talk.ask("evaluate sae L1 L2 residual").table();
    return DoubleStream.concat(
            Arrays.stream(table.doubleColumn("recovered").asDoubleArray()),
            Arrays.stream(residual.doubleColumn("recovered").asDoubleArray()))
        .map(percent -> percent / 100)
        .toArray();
  }

  @Test
  void saesAreReadAtFirstUse() {
    assumeTrue(ModelLoader.hasSprig(), "this build has no embedded model");
    try (Conversation talk = new Conversation(directory)) {
      talk.ask("model sprig\nprompt \"Then, Ann and Bob\"\nlogits");
      assertThat(talk.provenance().inputs())
          .extracting(ProvenanceInput::role)
          .containsExactlyInAnyOrder("model", "prompts");
      assertThat(talk.provenance().inputs()).allMatch(input -> input.hash().length() == 64);
      assertThat(talk.provenance().versions()).containsKey("libtorch");
      talk.ask("sae");
      talk.ask("logits");
      assertThat(talk.provenance().inputs()).hasSize(2);
      talk.ask("features L2");
      assertThat(talk.provenance().inputs()).hasSize(10);
    }
  }

  @Test
  void featuresAreKnownBeforeTheModelIsLoaded() {
    assumeTrue(ModelLoader.hasSprig(), "this build has no embedded model");
    try (Conversation talk = new Conversation(directory)) {
      Diagnostic failure = talk.fail("model sprig\nprompt \"Then\"\nablate feature L2.F99999");
      assertThat(failure.message())
          .startsWith("no feature F99999 in the attention SAE of layer 2 (it has ");
      assertThat(failure.kind().exitCode()).isEqualTo(65);
      assertThat(talk.value()).isNull();
    }
  }

  @Test
  void saesOfTinyModel() {
    try (Conversation talk = new Conversation(directory)) {
      talk.ask(tiny());
      assertThat(talk.ask(saes("saelens-v6/blocks.1.attn.hook_z")).table().rowCount()).isEqualTo(1);
      assertThat(talk.ask(saes("saelens-v6/blocks.1.attn.hook_z")).table().rowCount()).isEqualTo(1);
      assertThat(talk.ask(saes("saelens-v6")).table().stringColumn("site").asList())
          .containsExactly("L1.z", "L0.z", "L2.z");
      assertThat(talk.ask("model").notes())
          .anyMatch(note -> note.startsWith("SAEs: z of L0..L2 ("));
    }
  }

  @Test
  void saeForAnotherSiteThanItsFileSays() {
    try (Conversation talk = new Conversation(directory)) {
      talk.ask(tiny());
      Diagnostic failure = talk.fail(saes("saelens-v6/blocks.1.attn.hook_z") + " at L0.resid_pre");
      assertThat(failure.kind()).isEqualTo(Kind.DATA);
      assertThat(failure.message()).contains("hook_resid_pre");
    }
  }
}
