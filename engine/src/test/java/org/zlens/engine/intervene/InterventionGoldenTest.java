package org.zlens.engine.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.zlens.engine.TensorAssert.assertClose;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zlens.engine.Fixtures;
import org.zlens.engine.TinyGpt2;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.HeadAblation.Fill;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.ActiveFeatures;
import org.zlens.engine.sae.Sae;

/** Every intervention against the numbers of the usual Python tools. */
class InterventionGoldenTest {
  private static final double DIFFERENCE = 2e-5;
  private static final double LOGIT = 1e-4;

  private JsonNode facts;
  private TinyGpt2 tiny;
  private Scope scope;
  private TensorFile goldens;
  private Batch batch;
  private Metric metric;
  private int[] ends;
  private Where own;
  private Where union;
  private Sae sae;

  @BeforeEach
  void open() {
    facts = TinyGpt2.json("interventions/interventions.json");
    tiny = TinyGpt2.open();
    scope = Scope.open();
    goldens = Safetensors.open(Fixtures.path("interventions/interventions.safetensors"));
    batch = Batch.of(TinyGpt2.longs(goldens, "tokens"));
    ends = ints(facts.get("end_positions"));
    long[] answers = Arrays.stream(ints(facts.get("io_tokens"))).asLongStream().toArray();
    long[] others = Arrays.stream(ints(facts.get("s_tokens"))).asLongStream().toArray();
    metric = new Metric.LogitDifference(ends, answers, others);
    own = Where.each(ints(facts.get("positions")));
    union = Where.union(ints(facts.get("positions")));
    sae = tiny.saes().attention(facts.get("layer").asInt());
  }

  @AfterEach
  void close() throws Exception {
    if (tiny == null) {
      return;
    }
    goldens.close();
    scope.close();
    tiny.close();
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  private double[] changed(Intervention... together) {
    return Experiment.measure(tiny.model(), batch, metric, List.of(together)).changed();
  }

  private Tensor logits(List<? extends Intervention> together) {
    try (Experiment experiment = new Experiment(tiny.model(), batch, metric, together)) {
      return tiny.model().forward(batch.tokens(), experiment.hooks(together)).logits();
    }
  }

  private Tensor logitsAtEnd(Intervention... together) {
    return Cells.each(ends).take(logits(List.of(together)));
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private float[] golden(String name) {
    return goldens.floats(name);
  }

  private float[] golden(String name, int from, int count) {
    return Arrays.copyOfRange(goldens.floats(name), from, from + count);
  }

  @Test
  void featuresOneAtATime() {
    int[] features = ints(facts.get("features"));
    int width = batch.rows() * tiny.model().config().dVocab();
    for (int i = 0; i < features.length; i++) {
      FeatureAblation atOwn = FeatureAblation.of(sae, features[i], own);
      String what = atOwn.name();
      Outcome outcome = Experiment.measure(tiny.model(), batch, metric, atOwn);
      assertClose("clean", floats(outcome.clean()), golden("clean.logit_diff"), DIFFERENCE);
      assertClose(
          what,
          floats(outcome.changed()),
          golden("feature_zero.at_positions.logit_diff", i * 4, 4),
          DIFFERENCE);
      assertClose(
          what,
          floats(changed(FeatureAblation.of(sae, features[i], union))),
          golden("feature_zero.at_union.logit_diff", i * 4, 4),
          DIFFERENCE);
      assertClose(
          what,
          floats(changed(FeatureAblation.of(sae, features[i], Where.everywhere()))),
          golden("feature_zero.everywhere.logit_diff", i * 4, 4),
          DIFFERENCE);
      Tensor logits = logits(List.of(atOwn));
      assertClose(
          what,
          Cells.each(ends).take(logits).floats(),
          golden("feature_zero.at_positions.logits_at_end", i * width, width),
          LOGIT);
      assertClose(
          what,
          Cells.each(ints(facts.get("positions"))).take(logits).floats(),
          golden("feature_zero.at_positions.logits_at_position", i * width, width),
          LOGIT);
      if (i == 0) {
        assertClose(
            what, logits, goldens, "feature_zero.at_positions.logits_of_first_feature", LOGIT);
      }
    }
  }

  @Test
  void featuresTogetherAndPinned() {
    List<Integer> all = Arrays.stream(ints(facts.get("features"))).boxed().toList();
    assertClose(
        "all",
        logitsAtEnd(new FeatureAblation(sae, all, own)),
        goldens,
        "feature_zero.all_twenty_at_positions.logits_at_end",
        LOGIT);
    JsonNode pin = facts.get("pin");
    Splice pinned =
        Splice.withError(sae)
            .edit(FeatureEdit.pin(pin.get("feature").asInt(), pin.get("value").asDouble(), own));
    assertClose(
        "pin", logitsAtEnd(pinned), goldens, "feature_pin.at_positions.logits_at_end", LOGIT);
  }

  @Test
  void errorTerm() {
    error("at_positions", own);
    error("at_union", union);
    error("everywhere", Where.everywhere());
  }

  private void error(String name, Where where) {
    ErrorAblation ablation = new ErrorAblation(sae, where);
    String at = "error_zero." + name;
    assertClose(at, floats(changed(ablation)), golden(at + ".logit_diff"), DIFFERENCE);
    assertClose(at, logitsAtEnd(ablation), goldens, at + ".logits_at_end", LOGIT);
  }

  @Test
  void heads() {
    int width = batch.rows() * tiny.model().config().dVocab();
    for (int layer = 0; layer < 3; layer++) {
      for (int head = 0; head < 4; head++) {
        int at = layer * 4 + head;
        for (Fill fill : Fill.values()) {
          HeadAblation ablation = HeadAblation.of(layer, head, fill, Where.everywhere());
          String name = "head_" + fill.name().toLowerCase(Locale.ROOT);
          assertClose(
              ablation.name(),
              floats(changed(ablation)),
              golden(name + ".logit_diff", at * 4, 4),
              DIFFERENCE);
          if (fill != Fill.MEAN_PER_POSITION) {
            assertClose(
                ablation.name(),
                logitsAtEnd(ablation).floats(),
                golden(name + ".logits_at_end", at * width, width),
                LOGIT);
          }
        }
      }
    }
  }

  @Test
  void patchesAndZerosOfTheAttentionOutput() {
    Location[] sites = {Location.of(Site.ATTN_OUT, 0), Location.of(Site.ATTN_OUT, 1)};
    Activations corrupted =
        tiny.model()
            .forward(TinyGpt2.longs(goldens, "corrupted_tokens"), Hooks.none().capture(sites));
    int offset = facts.get("patch").get("offset").asInt();
    int[] at = ints(facts.get("positions"));
    int[] from = Arrays.stream(at).map(p -> p + offset).toArray();
    int[] numbers = IntStream.range(0, at.length).toArray();
    List<Intervention> patches = new ArrayList<>();
    for (Location site : sites) {
      Counterparts there = Counterparts.paired(each(at), numbers, PositionMap.named(each(from)));
      patches.add(
          new SiteEdit(Target.of(site), Replacement.patch(corrupted.get(site), there), own));
    }
    assertClose("patch", logits(patches), goldens, "patch_attn_out.logits", LOGIT);
    Intervention[] both = patches.toArray(Intervention[]::new);
    assertClose("patch", floats(changed(both)), golden("patch_attn_out.logit_diff"), DIFFERENCE);
    for (String place : List.of("at_positions", "everywhere")) {
      Where where = place.equals("everywhere") ? Where.everywhere() : own;
      Intervention[] zeros =
          Arrays.stream(sites).map(site -> SiteEdit.zero(site, where)).toArray(Intervention[]::new);
      String name = "zero_attn_out." + place;
      assertClose(name, floats(changed(zeros)), golden(name + ".logit_diff"), DIFFERENCE);
      assertClose(name, logitsAtEnd(zeros), goldens, name + ".logits_at_end", LOGIT);
    }
  }

  private static List<int[]> each(int[] positions) {
    return Arrays.stream(positions).mapToObj(position -> new int[] {position}).toList();
  }

  @Test
  void splicesWithoutError() {
    for (JsonNode row : facts.get("splice").get("rows")) {
      int[] layers = ints(row.get("layers"));
      String name =
          "splice." + String.join("-", IntStream.of(layers).mapToObj(Integer::toString).toList());
      List<Intervention> splices =
          IntStream.of(layers)
              .mapToObj(layer -> (Intervention) Splice.withoutError(tiny.saes().attention(layer)))
              .toList();
      Intervention[] together = splices.toArray(Intervention[]::new);
      assertClose(name, floats(changed(together)), golden(name + ".logit_diff"), DIFFERENCE);
      assertClose(name, logitsAtEnd(together), goldens, name + ".logits_at_end", LOGIT);
      Outcome divergence =
          Experiment.measure(tiny.model(), batch, new Metric.Divergence(ends), splices);
      assertClose(name, floats(divergence.changed()), golden(name + ".kl_at_end"), DIFFERENCE);
      assertThat(divergence.clean()).containsOnly(0);
      losses(row, layers, splices);
    }
    assertClose(
        "every logit",
        logits(
            IntStream.range(0, 3)
                .mapToObj(layer -> Splice.withoutError(tiny.saes().attention(layer)))
                .toList()),
        goldens,
        "splice.0-1-2.logits",
        LOGIT);
  }

  private void losses(JsonNode row, int[] layers, List<Intervention> splices) {
    Metric loss = new Metric.NextTokenLoss();
    Outcome spliced = Experiment.measure(tiny.model(), batch, loss, splices);
    double zeroZ = zeroLoss(loss, Site.Z, layers);
    close("clean", spliced.meanClean(), row.get("ce_clean"), LOGIT);
    close("spliced", spliced.meanChanged(), row.get("ce_spliced"), LOGIT);
    close("z", zeroZ, row.get("ce_zero_z"), LOGIT);
    close("attn_out", zeroLoss(loss, Site.ATTN_OUT, layers), row.get("ce_zero_attn_out"), LOGIT);
    double recovered = (zeroZ - spliced.meanChanged()) / (zeroZ - spliced.meanClean());
    close("loss recovered", recovered, row.get("loss_recovered"), 1e-3);
  }

  private double zeroLoss(Metric loss, Site site, int[] layers) {
    List<SiteEdit> zeros =
        IntStream.of(layers)
            .mapToObj(layer -> SiteEdit.zero(Location.of(site, layer), Where.everywhere()))
            .toList();
    return Experiment.measure(tiny.model(), batch, loss, zeros).meanChanged();
  }

  private static void close(String what, double actual, JsonNode expected, double tolerance) {
    assertThat(actual)
        .as(what)
        .isCloseTo(expected.asDouble(), org.assertj.core.data.Offset.offset(tolerance));
  }

  @Test
  void aFeatureThatIsActiveNowhereCannotBeAblated() {
    Tensor z =
        tiny.model()
            .forward(batch.tokens(), Hooks.none().capture(sae.location()))
            .get(sae.location());
    List<ActiveFeatures.Activity> active = ActiveFeatures.of(sae, own.in(batch).take(z));
    int idle =
        IntStream.range(0, sae.features())
            .filter(i -> active.stream().noneMatch(a -> a.feature() == i))
            .findFirst()
            .orElseThrow();
    assertThatThrownBy(() -> changed(FeatureAblation.of(sae, idle, own)))
        .isInstanceOf(ZlensException.class)
        .hasMessage(sae.address(idle) + " is not active at any of the positions")
        .extracting(e -> ((ZlensException) e).hint())
        .asString()
        .startsWith("most active there: L1.F");
  }

  @Test
  void aSpliceWithErrorAndWithoutEditChangesNothing() {
    Outcome outcome = Experiment.measure(tiny.model(), batch, metric, Splice.withError(sae));
    assertThat(outcome.changed()).isEqualTo(outcome.clean());
    assertThat(outcome.firings()).hasSize(1);
  }
}
