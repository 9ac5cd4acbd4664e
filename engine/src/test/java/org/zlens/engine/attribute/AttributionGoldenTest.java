package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.zlens.engine.TensorAssert.assertClose;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zlens.engine.Fixtures;
import org.zlens.engine.TinyGpt2;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** Every attribution against the numbers of independent code, to 1e-5. */
class AttributionGoldenTest {
  private static final double TOLERANCE = 1e-5;

  private TinyGpt2 tiny;
  private Scope scope;
  private TensorFile goldens;
  private CleanRun run;
  private JsonNode cases;

  @BeforeEach
  void open() {
    tiny = TinyGpt2.open();
    scope = Scope.open();
    goldens = Safetensors.open(Fixtures.path("attribution/attribution.safetensors"));
    cases = TinyGpt2.json("attribution/cases.json");
    try (TensorFile tokens = Safetensors.open(Fixtures.path("gpt2-tiny/golden.safetensors"))) {
      run = CleanRun.of(tiny.saes(), TinyGpt2.longs(tokens, "tokens"));
    }
  }

  @AfterEach
  void close() {
    if (tiny != null) {
      goldens.close();
      scope.close();
      tiny.close();
    }
  }

  private static void close(String what, double actual, JsonNode expected) {
    assertThat(expected).as(what).isNotNull();
    assertThat(actual).as(what).isCloseTo(expected.asDouble(), offset(TOLERANCE));
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private void close(String name, double[] actual) {
    assertClose(name, floats(actual), goldens.floats(name), TOLERANCE);
  }

  @Test
  void weightsAlone() {
    for (int layer = 0; layer < 3; layer++) {
      Sae sae = tiny.saes().attention(layer);
      Tensor heads = HeadAttribution.all(sae, tiny.model().config());
      assertClose("heads", heads, goldens, "head_attribution.L" + layer, TOLERANCE);
      assertClose("kappa", sae.constants(), goldens, "kappa.L" + layer, TOLERANCE);
      List<HeadAttribution.Share> top = HeadAttribution.top(sae, tiny.model().config(), 2, 3);
      assertThat(top.get(0).share()).isGreaterThanOrEqualTo(top.get(1).share());
      assertThat(HeadAttribution.of(sae, tiny.model().config(), top.get(0).feature()).get(2))
          .isEqualTo(top.get(0));
    }
    Sae sae = tiny.saes().attention(1);
    Tensor effects = LogitEffect.all(tiny.model(), sae);
    assertClose("logit effects", effects, goldens, "logit_effect.L1", TOLERANCE);
    LogitEffect effect = LogitEffect.of(tiny.model(), sae, 24);
    assertThat(effect.top(1).get(0).token())
        .isEqualTo((int) effects.select(0, 24).argMax(0).item());
    assertThat(effect.bottom(2).get(0).effect()).isLessThan(effect.bottom(2).get(1).effect());
  }

  @Test
  void everyDestinationAndSource() {
    cases
        .get("full_dfa_features")
        .properties()
        .forEach(
            entry -> {
              int layer = Integer.parseInt(entry.getKey().substring(1));
              Tensor matrix = DirectFeatureAttribution.matrix(run, layer, entry.getValue().asInt());
              assertClose("matrix", matrix, goldens, "dfa_source_full.L" + layer, TOLERANCE);
            });
  }

  @Test
  void twelveCases() {
    assertThat(cases.get("cases")).hasSize(12);
    cases.get("cases").forEach(this::check);
  }

  private void check(JsonNode c) {
    String name = "case" + c.get("case").asInt();
    int layer = c.get("layer").asInt();
    int feature = c.get("feature").asInt();
    int row = c.get("prompt").asInt();
    int source = c.get("source").asInt();
    DirectFeatureAttribution direct =
        DirectFeatureAttribution.of(run, layer, feature, row, c.get("dest").asInt());
    close(name, direct.preActivation(), c.get("pre_activation"));
    close(name, direct.activation(), c.get("activation"));
    close(name, direct.constant(), c.get("kappa"));
    close(name + ".dfa_head", direct.byHead().values(Part.HEAD));
    close(name + ".dfa_source", direct.bySource().values(Part.SOURCE));
    close(name + ".dfa_joint", direct.byBoth().values(Part.HEAD_AT_SOURCE));
    assertThat(direct.bySource().top(1, r -> r.part() == Part.SOURCE).get(0).position())
        .isEqualTo(source);
    assertClose(
        name,
        LogitEffect.of(tiny.model(), tiny.saes().attention(layer), feature).effects(),
        goldens.floats(name + ".logit_effect"),
        TOLERANCE);
    SourceAttribution split = SourceAttribution.of(run, direct, source, direct.preActivation());
    close(name, split.contribution(), c.get("dfa_at_source"));
    close(name, split.sigma(), c.get("sigma"));
    components(name, split.byComponent(), c.get("components"));
    residual(name, c, split);
    for (int l = 0; l < layer; l++) {
      upstream(name, c.get("upstream").get("L" + l), split.byFeature(), l, "upstream.L" + l);
      Attribution alone = SourceAttribution.upstream(run, direct, source, l);
      upstream(name, c.get("upstream").get("L" + l), alone, l, "upstream.L" + l);
      close(name, alone.total(), c.get("upstream").get("L" + l).get("sum"));
    }
    residualFeature(name, c, row, source);
  }

  private void residual(String name, JsonNode c, SourceAttribution split) {
    Attribution byResidual = split.byResidualFeature().orElseThrow();
    close(
        name + ".residual_features",
        spread(byResidual, Part.RESIDUAL_FEATURE, c.get("layer").asInt()));
    double[] fromWeights = new double[160];
    SourceAttribution.fromWeights(
            run,
            c.get("layer").asInt(),
            c.get("feature").asInt(),
            c.get("prompt").asInt(),
            c.get("source").asInt())
        .forEach(row -> fromWeights[row.index()] = row.contribution());
    close(name + ".residual_features_weights_only", fromWeights);
    close(name, only(byResidual, Part.RESIDUAL_BIAS), c.get("residual").get("b_dec"));
    close(name, only(byResidual, Part.RESIDUAL_ERROR), c.get("residual").get("error"));
    close(name, only(byResidual, Part.VALUE_BIAS), c.get("residual").get("value_bias"));
  }

  private void residualFeature(String name, JsonNode c, int row, int source) {
    JsonNode expected = c.get("residual_feature");
    int layer = c.get("layer").asInt();
    ResidualFeatureAttribution actual =
        ResidualFeatureAttribution.of(run, layer, expected.get("feature").asInt(), row, source);
    close(name, actual.preActivation(), expected.get("pre_activation"));
    close(name, actual.activation(), expected.get("activation"));
    close(name, only(actual.byComponent(), Part.CONSTANT), expected.get("constant"));
    components(name, actual.byComponent(), expected.get("components"));
    for (int l = 0; l < layer; l++) {
      upstream(
          name,
          c.get("upstream").get("L" + l).get("to_residual_feature"),
          actual.byFeature(),
          l,
          "upstream_to_residual_feature.L" + l);
    }
  }

  private void upstream(
      String name, JsonNode expected, Attribution actual, int layer, String golden) {
    close(name + "." + golden, spread(actual, Part.ATTENTION_FEATURE, layer));
    close(name, only(actual, Part.SAE_BIAS, layer), expected.get("b_dec"));
    close(name, only(actual, Part.SAE_ERROR, layer), expected.get("error"));
    close(name, only(actual, Part.OUTPUT_BIAS, layer), expected.get("b_O"));
  }

  private static void components(String name, Attribution actual, JsonNode expected) {
    for (Map.Entry<String, JsonNode> field : expected.properties()) {
      String site = field.getKey();
      int layer = site.startsWith("blocks.") ? site.charAt(7) - '0' : -1;
      Part part =
          site.endsWith("attn_out")
              ? Part.ATTN_OUT
              : site.endsWith("mlp_out")
                  ? Part.MLP_OUT
                  : site.equals("hook_embed") ? Part.EMBED : Part.POS_EMBED;
      close(name + " " + site, only(actual, part, layer), field.getValue());
    }
  }

  /** Rows of active features spread over all features. */
  private static double[] spread(Attribution attribution, Part part, int layer) {
    double[] all = new double[160];
    for (Contribution row : attribution.rows()) {
      if (row.part() == part && row.layer() == layer) {
        all[row.index()] = row.contribution();
      }
    }
    return all;
  }

  private static double only(Attribution attribution, Part part) {
    double[] values = attribution.values(part);
    assertThat(values).as(part.label()).hasSize(1);
    return values[0];
  }

  private static double only(Attribution attribution, Part part, int layer) {
    return attribution.rows().stream()
        .filter(r -> r.part() == part && r.layer() == layer)
        .mapToDouble(Contribution::contribution)
        .reduce((a, b) -> Double.NaN)
        .orElseThrow();
  }

  @Test
  void directLogitAttribution() {
    JsonNode facts = TinyGpt2.json("attribution/dla.json");
    try (TensorFile dla = Safetensors.open(Fixtures.path("attribution/dla.safetensors"))) {
      float[] rows = dla.floats("rows");
      float[] logits = dla.floats("logit");
      for (int row = 0; row < 4; row++) {
        LogitAttribution actual =
            LogitAttribution.of(
                run, row, facts.get("position").asInt(), facts.get("answer").get(row).asInt());
        float[] expected = new float[21];
        for (int i = 0; i < 21; i++) {
          expected[i] = rows[i * 4 + row];
        }
        double[] byHead =
            actual.byHead().rows().stream().mapToDouble(Contribution::contribution).toArray();
        assertClose("dla", floats(byHead), expected, TOLERANCE);
        assertThat(actual.byHead().total()).isCloseTo(logits[row], offset(1e-4));
        assertThat(actual.byFeature().sum()).isCloseTo(logits[row], offset(1e-4));
        assertThat(actual.byComponent().sum()).isCloseTo(logits[row], offset(1e-4));
        assertThat(actual.scale()).isEqualTo(LogitScale.FINAL);
        assertThat(actual.byLayer().get(3).accumulated()).isCloseTo(logits[row], offset(1e-4));
        assertThat(actual.byLayer().get(3).lens()).isCloseTo(logits[row], offset(1e-4));
      }
    }
  }

  @Test
  void recursiveTree() {
    JsonNode facts = TinyGpt2.json("attribution/rdfa_tree.json");
    JsonNode root = facts.get("root");
    PlainTree.Node actual =
        PlainTree.of(
            run,
            root.get("layer").asInt(),
            root.get("feature").asInt(),
            facts.get("prompt").asInt(),
            root.get("dest").asInt(),
            new PlainTree.Options(facts.get("width").asInt(), facts.get("depth").asInt(), 0),
            Progress.NONE);
    node(actual, root);
  }

  private void node(PlainTree.Node actual, JsonNode expected) {
    assertThat(actual.layer()).isEqualTo(expected.get("layer").asInt());
    assertThat(actual.feature()).isEqualTo(expected.get("feature").asInt());
    assertThat(actual.destination()).isEqualTo(expected.get("dest").asInt());
    assertThat(actual.level()).isEqualTo(expected.get("level").asInt());
    String name = "L" + actual.layer() + ".F" + actual.feature() + " at " + actual.destination();
    close(name, actual.direct().preActivation(), expected.get("pre_activation"));
    close(name, actual.direct().activation(), expected.get("activation"));
    close(name, actual.direct().constant(), expected.get("kappa"));
    for (int s = 0; s <= actual.destination(); s++) {
      close(name, actual.direct().at(s), expected.get("dfa_source").get(s));
    }
    assertThat(actual.sources()).hasSize(expected.get("sources").size());
    for (int i = 0; i < actual.sources().size(); i++) {
      source(actual.sources().get(i), expected.get("sources").get(i));
    }
  }

  private void source(PlainTree.Source actual, JsonNode expected) {
    SourceAttribution split = actual.split();
    assertThat(split.position()).isEqualTo(expected.get("source").asInt());
    close("dfa", split.contribution(), expected.get("dfa"));
    close("sigma", split.sigma(), expected.get("sigma"));
    for (int head = 0; head < 4; head++) {
      close("by head", split.byHead().values(Part.HEAD)[head], expected.get("by_head").get(head));
    }
    components("components", split.byComponent(), expected.get("components"));
    List<Contribution> residual =
        split
            .byResidualFeature()
            .orElseThrow()
            .top(2, r -> r.part() == Part.RESIDUAL_FEATURE && r.contribution() > 0);
    assertThat(residual).hasSize(expected.get("residual_features").size());
    for (int i = 0; i < residual.size(); i++) {
      JsonNode feature = expected.get("residual_features").get(i);
      assertThat(residual.get(i).index()).isEqualTo(feature.get("feature").asInt());
      close("activation", residual.get(i).activation(), feature.get("activation"));
      close("contribution", residual.get(i).contribution(), feature.get("contribution"));
    }
    assertThat(actual.children()).hasSize(expected.get("children").size());
    for (int i = 0; i < actual.children().size(); i++) {
      PlainTree.Child child = actual.children().get(i);
      JsonNode facts = expected.get("children").get(i);
      close("contribution", child.contribution().contribution(), facts.get("contribution"));
      close("share", child.contribution().share(), facts.get("share"));
      if (facts.get("node").has("dfa_source")) {
        node(child.node(), facts.get("node"));
      } else {
        assertThat(child.node().leaf()).isTrue();
      }
    }
  }
}
