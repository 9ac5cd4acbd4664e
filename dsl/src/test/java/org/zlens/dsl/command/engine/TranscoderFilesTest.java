package org.zlens.dsl.command.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.SafetensorsWriter;
import org.zlens.engine.model.ModelLoader;
import tech.tablesaw.api.Table;

/** Transcoders from files, and trees that go through them. */
class TranscoderFilesTest {
  private static final int WIDTH = 128;
  private static final int FEATURES = 40;

  @TempDir private static Path folder;

  @BeforeAll
  static void write() throws IOException {
    assumeTrue(ModelLoader.hasSprig(), "this build has no embedded model");
    Path all = Files.createDirectories(folder.resolve("all"));
    circuitTracer(all.resolve("layer_1.safetensors"), WIDTH, 1);
    saeLens(all.resolve("second"), 2);
    circuitTracer(folder.resolve("layer_0.safetensors"), 64, 3);
    circuitTracer(folder.resolve("layer_3.safetensors"), WIDTH, 4);
  }

  private static void circuitTracer(Path file, int width, long seed) {
    Random random = new Random(seed);
    new SafetensorsWriter()
        .add("W_enc", new long[] {FEATURES, width}, values(random, FEATURES * width))
        .add("b_enc", new long[] {FEATURES}, values(random, FEATURES))
        .add("W_dec", new long[] {FEATURES, width}, values(random, FEATURES * width))
        .add("b_dec", new long[] {width}, values(random, width))
        .write(file);
  }

  /** One with a skip. */
  private static void saeLens(Path to, long seed) throws IOException {
    Files.createDirectories(to);
    Files.writeString(
        to.resolve("cfg.json"),
        """
        {"architecture": "skip_transcoder", "d_in": 128, "d_sae": 40, "d_out": 128,
         "dtype": "float32", "device": "cpu", "apply_b_dec_to_input": false,
         "normalize_activations": "none", "reshape_activations": "none",
         "metadata": {"hook_name": "blocks.2.hook_resid_mid",
          "hook_name_out": "blocks.2.hook_mlp_out", "model_name": "sprig",
          "sae_lens_version": "6.18.0"}}
        """);
    Random random = new Random(seed);
    new SafetensorsWriter()
        .add("W_enc", new long[] {WIDTH, FEATURES}, values(random, FEATURES * WIDTH))
        .add("b_enc", new long[] {FEATURES}, values(random, FEATURES))
        .add("W_dec", new long[] {FEATURES, WIDTH}, values(random, FEATURES * WIDTH))
        .add("b_dec", new long[] {WIDTH}, values(random, WIDTH))
        .add("W_skip", new long[] {WIDTH, WIDTH}, values(random, WIDTH * WIDTH))
        .write(to.resolve("sae_weights.safetensors"));
  }

  private static float[] values(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * 0.1);
    }
    return values;
  }

  @Test
  void transcodersAreListedWithTheSaes() {
    try (Conversation talk = new Conversation(folder)) {
      talk.ask("model sprig");
      Table table = talk.ask("sae \"all\"").table();
      assertThat(table.rowCount()).isEqualTo(10);
      assertThat(table.stringColumn("site").asList())
          .endsWith("L1.ln2.normalized to L1.mlp_out", "L2.resid_mid to L2.mlp_out");
      assertThat(table.stringColumn("format").asList()).endsWith("circuit-tracer", "saelens-v6");
      Table list = talk.ask("sae list | where features = " + FEATURES).table();
      assertThat(list.stringColumn("architecture").asList())
          .containsExactly("standard transcoder", "standard transcoder with a skip");
      Table shown = talk.ask("sae show L2 | where site contains \" to \"").table();
      assertThat(shown.stringColumn("fact").asList())
          .contains("reads", "predicts", "sha256", "memory");
    }
  }

  @Test
  void treesGoThroughThem() {
    try (Conversation talk = new Conversation(folder)) {
      talk.ask("model sprig\nsae \"all\"\ndataset ioi n 2");
      Table tree = talk.ask("rdfa logit depth 2 width 6 mlps signed threshold 0.0001").table();
      adds(tree);
      List<String> nodes = tree.stringColumn("node").asList();
      assertThat(nodes).anyMatch(node -> node.matches("L[12]\\.T\\d+.*"));
      assertThat(nodes).anyMatch(node -> node.contains("through L3.mlp, made linear"));
      assertThat(nodes)
          .noneMatch(node -> node.contains("L1.mlp, made") || node.contains("L2.mlp, made"));
      assertThat(talk.provenance().inputs())
          .filteredOn(input -> input.role().startsWith("transcoder from "))
          .extracting(ProvenanceInput::hash)
          .hasSize(2)
          .allMatch(hash -> hash.length() == 64);
    }
  }

  /** The rows below the root sum to it. */
  private static void adds(Table tree) {
    double sum =
        IntStream.range(0, tree.rowCount())
            .filter(row -> tree.intColumn("depth").get(row) == 1)
            .mapToDouble(row -> tree.doubleColumn("contribution").getDouble(row))
            .sum();
    assertThat(sum).isCloseTo(tree.doubleColumn("contribution").getDouble(0), within(1e-3));
  }

  @Test
  void aTreeByHeadsNeedsNoSaes() {
    try (Conversation talk = new Conversation(folder)) {
      talk.ask("model sprig processing none\ndataset ioi n 2");
      adds(talk.ask("rdfa logit depth 2 width 2 by head").table());
      adds(talk.ask("rdfa L3.H0 logit depth 2 width 2 by head mlps with qk").table());
      Diagnostic failure = talk.fail("rdfa logit depth 2 by head via both");
      assertThat(failure.message()).isEqualTo("the model has no SAEs yet");
      talk.ask("model sprig\ndataset ioi n 2\nrdfa logit depth 2 by head");
      assertThat(talk.provenance().inputs())
          .extracting(ProvenanceInput::role)
          .containsExactlyInAnyOrder("model", "prompts");
    }
  }

  @Test
  void transcodersAloneAreNoSaes() {
    try (Conversation talk = new Conversation(folder)) {
      talk.ask("model sprig processing none\nsae \"all\"\ndataset ioi n 2");
      assertThat(talk.ask("sae list").table().rowCount()).isEqualTo(2);
      List<String> nodes =
          talk.ask("rdfa logit depth 2 width 6 by head mlps signed threshold 0.0001")
              .table()
              .stringColumn("node")
              .asList();
      assertThat(nodes).anyMatch(node -> node.matches("L[12]\\.T\\d+.*"));
      assertThat(talk.fail("features L2").message())
          .isEqualTo("no attention-output SAE of layer 2 is attached");
    }
  }

  @Test
  void whatDoesNotBelongToTheModelIsRefused() {
    try (Conversation talk = new Conversation(folder)) {
      talk.ask("model sprig");
      Diagnostic failure = talk.fail("sae \"layer_0.safetensors\"");
      assertThat(failure.kind()).isEqualTo(Kind.DATA);
      assertThat(failure.message())
          .contains("maps 64 values to 64, but the stream of this model has 128");
      talk.ask("sae \"layer_3.safetensors\" at L3.resid_mid");
      assertThat(talk.ask("sae list | where features = 40").table().stringColumn("site").get(0))
          .isEqualTo("L3.resid_mid to L3.mlp_out");
      assertThat(talk.fail("sae \"layer_3.safetensors\" at L3.z").message())
          .contains("does not stand for the MLP of a layer");
      assertThat(talk.fail("sae \"all/second\" at L1.resid_mid").message())
          .contains("is an SAE of 'blocks.2.hook_resid_mid', not of 'blocks.1.hook_resid_mid'");
    }
  }
}
