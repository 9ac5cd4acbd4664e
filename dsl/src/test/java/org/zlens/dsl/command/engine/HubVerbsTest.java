package org.zlens.dsl.command.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hub.Hub;
import org.zlens.engine.hub.LoopbackHub;
import tech.tablesaw.api.Table;

/** Models and SAEs by their names on the hub, which a server on this machine plays. */
class HubVerbsTest {
  private static final String GPT2 = "openai-community/gpt2";
  private static final String SAES = "jbloom/GPT2-Small-SAEs-Reformatted";

  @TempDir private Path directory;
  @TempDir private Path cache;

  private LoopbackHub server;
  private Conversation talk;

  @BeforeEach
  void start() throws IOException {
    Path model = Fixtures.path("gpt2-tiny/hf");
    Path saes = Fixtures.path("saes/residual-v6");
    server = new LoopbackHub();
    for (String name : List.of("config.json", "model.safetensors")) {
      server.with(GPT2, name, Files.readAllBytes(model.resolve(name)));
    }
    for (int layer = 0; layer < 3; layer++) {
      for (String name : List.of("cfg.json", "sae_weights.safetensors")) {
        String path = "blocks." + layer + ".hook_resid_pre/" + name;
        server.with(SAES, path, Files.readAllBytes(saes.resolve(path)));
      }
    }
    talk = new Conversation(directory);
    talk.session().files().useHub(new Hub(server.settings(cache)));
  }

  @AfterEach
  void stop() {
    talk.close();
    server.close();
  }

  @Test
  void aModelByItsName() {
    assertThat(talk.ask("model gpt2-small").notes())
        .contains("from hf:" + GPT2 + "@" + LoopbackHub.COMMIT);
    assertThat(talk.ask("model").table().stringColumn("model").get(0)).isEqualTo("gpt2-small");
    int asked = server.requests().size();

    talk.ask("model gpt2");
    talk.ask("model \"openai-community/gpt2\"");
    talk.ask("model hf:openai-community/gpt2");
    talk.ask("model hf:openai-community/gpt2@" + LoopbackHub.COMMIT);
    assertThat(server.requests()).hasSize(asked);
    talk.ask("model gpt2 update");
    assertThat(server.requests()).hasSize(asked + 1);
  }

  @Test
  void whereResultsComeFromIsToldToTheCommit() {
    talk.ask("model gpt2-small\nsae gpt2-small-res-jb at L1.resid_pre\nprompt tokens [3, 5, 7]");
    talk.ask("features L1 residual");

    assertThat(talk.provenance().inputs())
        .filteredOn(input -> input.role().equals("model"))
        .singleElement()
        .satisfies(
            input -> {
              assertThat(input.hash()).hasSize(64);
              assertThat(input.details())
                  .containsEntry("repository", GPT2)
                  .containsEntry("revision", LoopbackHub.COMMIT);
            });
    assertThat(talk.provenance().inputs())
        .filteredOn(input -> input.role().startsWith("sae"))
        .extracting(ProvenanceInput::name)
        .containsExactly("hf:" + SAES + "@" + LoopbackHub.COMMIT + "/blocks.1.hook_resid_pre");
  }

  @Test
  void aTokenizerOfAnotherRepositoryComesWithItsModel() throws IOException {
    String model = "NeelNanda/GELU_2L512W_C4_Code";
    String digits = "NeelNanda/gpt-neox-tokenizer-digits";
    for (String name : List.of("config.json", "model_final.pth")) {
      server.with(model, name, Files.readAllBytes(Fixtures.path("gelu2l-tiny").resolve(name)));
    }
    String tokenizer =
        """
        {"added_tokens": [
           {"id": 0, "content": "<|EOS|>", "special": true, "single_word": false,
            "lstrip": false, "rstrip": false, "normalized": false},
           {"id": 1, "content": "<|BOS|>", "special": true, "single_word": false,
            "lstrip": false, "rstrip": false, "normalized": false}],
         "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
                           "use_regex": true},
         "model": {"type": "BPE", "merges": [],
                   "vocab": {"<|EOS|>": 0, "<|BOS|>": 1, "a": 2, "b": 3, "c": 4}}}
        """;
    server.with(digits, "tokenizer.json", tokenizer.getBytes(StandardCharsets.UTF_8));

    assertThat(talk.ask("model gelu-2l").notes())
        .contains("tokenizer from hf:" + digits + "@" + LoopbackHub.COMMIT)
        .contains("texts: '<|BOS|>' (1) goes in front");
    talk.ask("prompt \"cab\"");
    assertThat(talk.ask("tokens").table().intColumn("id").asList()).containsExactly(1, 4, 2, 3);
    int asked = server.requests().size();
    talk.ask("model hf:" + model);
    assertThat(talk.provenance().inputs())
        .filteredOn(input -> input.role().equals("model"))
        .singleElement()
        .satisfies(
            input ->
                assertThat(input.details())
                    .containsEntry("tokenizer", "hf:" + digits + "@" + LoopbackHub.COMMIT));
    assertThat(server.requests()).hasSize(asked);
  }

  @Test
  void saesByTheirRepository() {
    talk.ask("model gpt2-small");
    Table all = talk.ask("sae hf:" + SAES).table();
    assertThat(all.stringColumn("site").asList())
        .containsExactly("L0.resid_pre", "L1.resid_pre", "L2.resid_pre");
    assertThat(talk.ask("sae hf:" + SAES + "/blocks.2.hook_resid_pre").table().rowCount())
        .isEqualTo(3);
  }

  @Test
  void aReleaseIsKnownBeforeItIsFetched() {
    talk.ask("model gpt2-small");
    Diagnostic failure = talk.fail("sae gpt2-small-res-jb at L1.z");
    assertThat(failure.message()).isEqualTo("'gpt2-small-res-jb' has no SAE of L1.z");
    assertThat(failure.hint()).contains("resid_post of L11", "resid_pre of L0, L1, L2");
    failure = talk.fail("sae gemma-2b-hook-z-jb");
    assertThat(failure.message()).isEqualTo("'gemma-2b-hook-z-jb' cannot be fetched");
    assertThat(failure.hint()).contains("Weights & Biases");
  }

  @Test
  void offlineItSaysSoBeforeAnythingRuns() {
    talk.session().files().stayOffline();
    Diagnostic failure = talk.fail("let x = 1\nmodel gpt2-small");

    assertThat(failure.message()).contains("is not in the cache");
    assertThat(failure.kind()).isEqualTo(Kind.DATA);
    assertThat(talk.session().variables()).isEmpty();
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aSafeSessionReachesNoHub() {
    talk.session().files().makeSafe();

    assertThat(talk.fail("model gpt2-small").message())
        .isEqualTo("with --safe nothing comes from the hub or from the cache of it");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aFolderGoesBeforeAName() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("gpt2-small"));
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(Fixtures.path("gpt2-tiny/hf").resolve(name), folder.resolve(name));
    }
    talk.ask("model gpt2-small");

    assertThat(server.requests()).isEmpty();
    assertThat(talk.fail("model gpt2-small revision main").message())
        .isEqualTo("'revision' is of models on the hub, and this is none");
  }

  @Test
  void whatChangedInTheCacheIsFoundOut() throws IOException {
    talk.ask("model gpt2-small");
    Path weights =
        cache
            .resolve("models--openai-community--gpt2/snapshots/" + LoopbackHub.COMMIT)
            .resolve("model.safetensors")
            .toRealPath();
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 5] ^= 1;
    Files.write(weights, bytes);

    assertThat(talk.fail("model gpt2-small").message()).contains("another content under the name");
  }

  @Test
  void whatTheCacheHas() {
    talk.ask("model gpt2-small");

    Table table = talk.ask("hub cache").table();
    assertThat(table.stringColumn("repository").asList()).containsExactly(GPT2);
    assertThat(table.stringColumn("commit").get(0)).isEqualTo(LoopbackHub.COMMIT);
    assertThat(table.stringColumn("revisions").get(0)).isEqualTo("main");
    assertThat(table.intColumn("files").get(0)).isEqualTo(2);
  }

  @Test
  void aTranscriptNamesTheCommits() throws IOException {
    talk.ask(
        "record \"t.zl\"\nmodel gpt2-small\nmodel hf:openai-community/gpt2@main processing none\n"
            + "model gpt2 revision main | select model\n"
            + "sae gpt2-small-res-jb at L1.resid_pre\n"
            + "let m = model gpt2 | select model\n"
            + "for n in [1, 2] { let again = model gpt2 }\nrecord off");

    String commit = LoopbackHub.COMMIT;
    assertThat(Files.readAllLines(directory.resolve("t.zl")))
        .contains(
            "model gpt2-small revision \"" + commit + "\"",
            "model hf:openai-community/gpt2@main processing none revision \"" + commit + "\"",
            "model gpt2 revision \"" + commit + "\" | select model",
            "sae gpt2-small-res-jb at L1.resid_pre revision \"" + commit + "\"",
            "let m = model gpt2 revision \"" + commit + "\" | select model",
            "  let again = model gpt2 revision \"" + commit + "\"");
    Table compared = talk.ask("replay \"t.zl\"").table();
    assertThat(compared.rowCount()).isZero();
  }
}
