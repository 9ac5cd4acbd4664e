package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.RandomModel;
import org.zlens.engine.TinyGpt2;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.GradMode;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Attention scores as sums over pairs of parts: against independent code, the pass, and autograd.
 */
class QkAttributionTest {
  private static final double ROUNDING = 1e-4;

  @Test
  void aPathThroughAnOvHeadAgainstIndependentCode() {
    try (TinyGpt2 tiny = TinyGpt2.open();
        Scope scope = Scope.open();
        TensorFile tokens = Safetensors.open(Fixtures.path("gpt2-tiny/golden.safetensors"));
        TensorFile golden = Safetensors.open(Fixtures.path("attribution/qk.safetensors"))) {
      JsonNode facts = TinyGpt2.json("attribution/qk.json");
      CleanRun run = CleanRun.of(tiny.saes(), TinyGpt2.longs(tokens, "tokens"));
      JsonNode ov = facts.get("ov");
      JsonNode qk = facts.get("qk");
      QkAttribution actual =
          QkAttribution.of(
              run,
              qk.get("layer").asInt(),
              qk.get("head").asInt(),
              facts.get("prompt").asInt(),
              qk.get("query").asInt(),
              qk.get("key").asInt(),
              QkSide.of(StreamSplit.FEATURES)
                  .through(
                      ov.get("layer").asInt(), ov.get("head").asInt(), ov.get("source").asInt()),
              QkSide.of(StreamSplit.RESIDUAL_FEATURES));
      assertThat(actual.score()).isCloseTo(facts.get("model_score").asDouble(), offset(1e-5));
      List<Integer> rows = new ArrayList<>();
      for (int i = 0; i < actual.table().length; i++) {
        Contribution row = actual.byQuery().rows().get(i);
        if (row.layer() == facts.get("attn_layer").asInt()
            && row.part() != Part.MLP_OUT
            && row.part() != Part.ATTN_OUT) {
          rows.add(i);
        }
      }
      // Independent code lists the error before the bias.
      int[] order = order(rows.size());
      int[] columns = order(actual.byKey().rows().size());
      float[] expected = golden.floats("table");
      assertThat(rows).hasSize(facts.get("rows").size());
      assertThat(columns).hasSize(facts.get("columns").size());
      for (int i = 0; i < order.length; i++) {
        int row = rows.get(order[i]);
        if (i < facts.get("row_features").size()) {
          assertThat(actual.byQuery().rows().get(row).index())
              .isEqualTo(facts.get("row_features").get(i).asInt());
        }
        for (int j = 0; j < columns.length; j++) {
          assertThat(actual.table()[row][columns[j]])
              .as(facts.get("rows").get(i).asText() + ", " + facts.get("columns").get(j).asText())
              .isCloseTo(expected[i * columns.length + j], offset(1e-5));
        }
      }
    }
  }

  /** All but the last three as they are, then the error, the SAE's bias and the layer's. */
  private static int[] order(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    order[size - 3] = size - 2;
    order[size - 2] = size - 3;
    return order;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void everySplitOfBothSidesSumsToTheScoreOfThePass(int seed) {
    try (RandomModel random = model(seed);
        Scope scope = Scope.open()) {
      Tensor tokens = random.tokens(2, 8);
      CleanRun run = CleanRun.of(random.saes(), tokens);
      Random choice = new Random(seed);
      for (int trial = 0; trial < 8; trial++) {
        int layer = choice.nextInt(3);
        int head = choice.nextInt(4);
        int row = choice.nextInt(2);
        int query = choice.nextInt(8);
        int key = choice.nextInt(query + 1);
        StreamSplit[] splits = StreamSplit.values();
        QkAttribution actual =
            QkAttribution.of(
                run,
                layer,
                head,
                row,
                query,
                key,
                QkSide.of(splits[choice.nextInt(splits.length)]),
                QkSide.of(splits[choice.nextInt(splits.length)]));
        double score = score(random, tokens, layer, row, head, query, key);
        assertThat(actual.score()).isCloseTo(score, offset(ROUNDING));
        assertThat(actual.total()).isCloseTo(score, offset(ROUNDING));
        double sum = 0;
        for (QkAttribution.Pair pair : actual.pairs()) {
          sum += pair.contribution();
        }
        assertThat(sum).isCloseTo(score, offset(ROUNDING));
        assertThat(actual.byKey().sum()).isCloseTo(score, offset(ROUNDING));
      }
    }
  }

  private static RandomModel model(int seed) {
    return (seed % 2 == 0 ? RandomModel.processed(seed) : RandomModel.grouped(seed)).withSaes(30);
  }

  private static double score(
      RandomModel random, Tensor tokens, int layer, int row, int head, int query, int key) {
    return random
        .model()
        .forward(tokens, Hooks.none().capture(Location.of(Site.ATTN_SCORES, layer)).withoutLogits())
        .get(Site.ATTN_SCORES, layer)
        .select(0, row)
        .select(0, head)
        .select(0, query)
        .select(0, key)
        .item();
  }

  /** All heads and sources that move something to the query, with their bias, are its stream. */
  @ParameterizedTest
  @ValueSource(ints = {6, 7})
  void pathsThroughAllHeadsAndSourcesSumToTheAttentionOutputsRow(int seed) {
    try (RandomModel random = model(seed);
        Scope scope = Scope.open()) {
      CleanRun run = CleanRun.of(random.saes(), random.tokens(2, 8));
      QkSide whole = QkSide.of(StreamSplit.HEADS);
      QkAttribution direct = QkAttribution.of(run, 2, 1, 1, 6, 3, whole, whole);
      for (int head = 0; head < 4; head++) {
        double sum = 0;
        for (int source = 0; source <= 6; source++) {
          QkSide path = QkSide.of(StreamSplit.RESIDUAL_FEATURES).through(1, head, source);
          QkAttribution part = QkAttribution.of(run, 2, 1, 1, 6, 3, path, whole);
          assertThat(part.byQuery().sum()).isCloseTo(part.total(), offset(ROUNDING));
          sum += part.total();
        }
        int index = head;
        double expected =
            direct.byQuery().rows().stream()
                .filter(r -> r.part() == Part.HEAD && r.layer() == 1 && r.index() == index)
                .mapToDouble(Contribution::contribution)
                .findFirst()
                .orElseThrow();
        assertThat(sum).isCloseTo(expected, offset(ROUNDING));
      }
    }
  }

  /** A head's part through the key's side is the gradient of the score there, scale held. */
  @ParameterizedTest
  @ValueSource(longs = {41, 42, 43})
  void componentsAgainstGradients(long seed) {
    try (RandomModel random = RandomModel.grouped(seed).withSaes(30);
        Scope scope = Scope.open()) {
      Tensor tokens = random.tokens(2, 8);
      CleanRun run = CleanRun.of(random.saes(), tokens);
      QkSide side = QkSide.of(StreamSplit.COMPONENTS);
      QkAttribution actual = QkAttribution.of(run, 2, 3, 1, 6, 2, side, side);
      Location stream = Location.of(Site.RESID_PRE, 2);
      Location scale = Location.of(Site.LN1_SCALE, 2);
      float[] reader;
      try (GradMode mode = GradMode.on()) {
        Tensor leaf = run.activations().get(stream).leaf();
        Hooks hooks =
            Hooks.none()
                .edit(instead(stream, leaf))
                .edit(instead(scale, run.activations().get(scale)))
                .capture(Location.of(Site.ATTN_SCORES, 2))
                .withoutLogits();
        Tensor score =
            random
                .model()
                .forward(tokens, hooks)
                .get(Site.ATTN_SCORES, 2)
                .select(0, 1)
                .select(0, 3)
                .select(0, 6)
                .select(0, 2);
        reader = score.gradients(List.of(leaf))[0].select(0, 1).select(0, 2).floats();
      }
      for (Contribution row : actual.byKey().rows()) {
        Location location =
            switch (row.part()) {
              case EMBED -> Location.of(Site.EMBED);
              case POS_EMBED -> Location.of(Site.POS_EMBED);
              case ATTN_OUT -> Location.of(Site.ATTN_OUT, row.layer());
              case MLP_OUT -> Location.of(Site.MLP_OUT, row.layer());
              default -> null;
            };
        if (location != null) {
          double expected = Readout.dot(run.vector(location, 1, 2).floats(), reader);
          assertThat(row.contribution()).as(row.name()).isCloseTo(expected, offset(ROUNDING));
        }
      }
    }
  }

  private static Edit instead(Location location, Tensor value) {
    return new Edit(location, "hold " + location.shortName(), Edit.Effect.MAY_CHANGE, x -> value);
  }

  @Test
  void whatCannotBeTakenApartIsRefused() {
    try (RandomModel random = RandomModel.processed(3).withSaes(30);
        Scope scope = Scope.open()) {
      CleanRun run = CleanRun.of(random.saes(), random.tokens(2, 8));
      QkSide side = QkSide.of(StreamSplit.COMPONENTS);
      assertThatThrownBy(() -> QkAttribution.of(run, 1, 0, 0, 2, 5, side, side))
          .isInstanceOf(ZlensException.class)
          .hasMessage("position 5 lies after 2, which cannot look at it");
      assertThatThrownBy(() -> QkAttribution.of(run, 1, 4, 0, 5, 2, side, side))
          .isInstanceOf(ZlensException.class)
          .hasMessage("no head L1.H4");
      assertThatThrownBy(() -> QkAttribution.of(run, 1, 0, 0, 5, 2, side.through(1, 0, 3), side))
          .isInstanceOf(ZlensException.class)
          .hasMessage("L1.H0 writes nothing that L1 reads");
      assertThatThrownBy(() -> QkAttribution.of(run, 1, 0, 0, 5, 2, side, side.through(0, 0, 3)))
          .isInstanceOf(ZlensException.class)
          .hasMessage("position 3 lies after 2, which cannot see it");
    }
  }
}
