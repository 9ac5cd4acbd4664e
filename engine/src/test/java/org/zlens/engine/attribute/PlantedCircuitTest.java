package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zlens.engine.attribute.Explained.Split;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.GraphEdge;
import org.zlens.engine.attribute.graph.GraphNode;
import org.zlens.engine.attribute.graph.TreeGraph;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.LoadedSae;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.SaeLoader;
import org.zlens.engine.sae.SaeSet;

/**
 * A circuit put into the embedded model by hand, which attributions have to find. A head of layer 1
 * sees a name and writes a mark beside it; a head of layer 3 asks at the last token for that mark
 * and moves it there; a feature of each layer's SAE reads what its head moved. Everything else of
 * the model and of its SAEs stays as it was trained.
 */
class PlantedCircuitTest {
  private static final String TEXT = "When Ann and Bob went to the store, Bob gave a drink to";
  private static final int LOWER = 1;
  private static final int UPPER = 3;
  private static final int LOWER_HEAD = 3;
  private static final int UPPER_HEAD = 5;
  private static final int LOWER_FEATURE = 17;
  private static final int UPPER_FEATURE = 23;

  private LanguageModel model;
  private Scope scope;
  private ModelConfig config;
  private SaeSet saes;
  private CleanRun run;
  private int name;
  private int end;

  @BeforeEach
  void plant() {
    model = ModelLoader.load(ModelLoader.SPRIG, WeightStep.all());
    scope = Scope.open();
    config = model.config();
    int[] ids = model.tokenizer().encode(TEXT).ids();
    int ann = model.tokenizer().singleId(" Ann");
    end = ids.length - 1;
    for (int i = 0; i < ids.length; i++) {
      name = ids[i] == ann ? i : name;
    }
    float[] seen = apart(streams(LOWER, ids), name);
    Random random = new Random(5);
    float[] mark = new float[config.dModel()];
    for (int i = 0; i < mark.length; i++) {
      mark[i] = (float) random.nextGaussian();
    }
    center(mark);
    mark = unit(mark);
    head(LOWER, LOWER_HEAD, seen, seen, seen, mark, 20);
    float[] asked = unit(streams(UPPER, ids)[end]);
    head(UPPER, UPPER_HEAD, asked, mark, mark, new float[config.dModel()], 0);
    saes = new SaeSet(model.transformer());
    for (LoadedSae one : SaeLoader.sprig(config.layers())) {
      saes.attach(one.sae());
    }
    saes.attach(planted(LOWER, LOWER_HEAD, LOWER_FEATURE));
    saes.attach(planted(UPPER, UPPER_HEAD, UPPER_FEATURE));
    run = CleanRun.of(saes, Tensor.ofRows(new int[][] {ids}));
  }

  @AfterEach
  void close() {
    scope.close();
    saes.close();
    model.close();
  }

  private static float[] unit(float[] vector) {
    double norm = Readout.norm(vector);
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] / norm);
    }
    return vector;
  }

  /** What the heads of a layer read at each position. */
  private float[][] streams(int layer, int[] ids) {
    Location at = Location.of(Site.LN1_NORMALIZED, layer);
    Hooks hooks = Hooks.none().capture(at).withoutLogits();
    Tensor all = model.transformer().forward(Tensor.ofRows(new int[][] {ids}), hooks).get(at);
    float[][] streams = new float[ids.length][];
    for (int i = 0; i < ids.length; i++) {
      streams[i] = all.select(0, 0).select(0, i).floats();
    }
    return streams;
  }

  /** What of one vector none of the others has: a unit vector. */
  private static float[] apart(float[][] vectors, int one) {
    List<float[]> basis = new ArrayList<>();
    for (int i = 0; i < vectors.length; i++) {
      if (i != one) {
        basis.add(unit(without(basis, vectors[i])));
      }
    }
    return unit(without(basis, vectors[one]));
  }

  private static float[] without(List<float[]> basis, float[] vector) {
    for (float[] one : basis) {
      double along = Readout.dot(vector, one);
      for (int i = 0; i < vector.length; i++) {
        vector[i] -= (float) (along * one[i]);
      }
    }
    return vector;
  }

  private static void center(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += value;
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] -= (float) (sum / vector.length);
    }
  }

  /** Makes a head look for one direction from another, and move a third as a fourth. */
  private void head(
      int layer, int head, float[] asks, float[] looks, float[] reads, float[] writes, float by) {
    BlockWeights block = model.transformer().weights().blocks().get(layer);
    column(block.wQ(), block.bQ(), head, asks, 8);
    column(block.wK(), block.bK(), head, looks, 8);
    column(block.wV(), block.bV(), head, reads, 1);
    int size = config.dHead();
    int width = config.dModel();
    edit(
        block.wO(),
        all -> {
          Arrays.fill(all, head * size * width, (head + 1) * size * width, 0);
          for (int d = 0; d < width; d++) {
            all[head * size * width + d] = by * writes[d];
          }
        });
  }

  /** The first component of a head reads a direction; the others, and the biases, are zero. */
  private void column(Tensor weights, Tensor biases, int head, float[] direction, float by) {
    int size = config.dHead();
    int columns = Math.toIntExact(weights.size(1));
    edit(
        weights,
        all -> {
          for (int d = 0; d < direction.length; d++) {
            int from = d * columns + head * size;
            Arrays.fill(all, from, from + size, 0);
            all[from] = by * direction[d];
          }
        });
    edit(biases, all -> Arrays.fill(all, head * size, (head + 1) * size, 0));
  }

  private static void edit(Tensor tensor, Consumer<float[]> change) {
    float[] values = tensor.floats();
    change.accept(values);
    tensor.write(buffer -> buffer.asFloatBuffer().put(values));
  }

  /** The trained SAE of a layer with one feature that reads and writes a head's first component. */
  private Sae planted(int layer, int head, int feature) {
    Sae trained = saes.attention(layer);
    float[] encoder = trained.wEnc().floats();
    float[] decoder = trained.wDec().floats();
    float[] bias = trained.bEnc().floats();
    int inputs = trained.width();
    int features = trained.features();
    int component = head * config.dHead();
    for (int i = 0; i < inputs; i++) {
      encoder[i * features + feature] = i == component ? 1 : 0;
      decoder[feature * inputs + i] = i == component ? 1 : 0;
    }
    bias[feature] = -0.5f;
    return new Sae(
        Location.of(Site.Z, layer),
        new SaeEncoder.Relu(),
        trained.centersInput(),
        Tensor.of(encoder, inputs, features),
        Tensor.of(bias, features),
        Tensor.of(decoder, features, inputs),
        trained.bDec().copy());
  }

  private AttributionTree tree(TreeOptions options) {
    return AttributionTree.of(
        run, new TreeRoot.AttentionFeature(UPPER, UPPER_FEATURE), 0, end, options, Progress.NONE);
  }

  @Test
  void theTreesLargestPathIsTheCircuit() {
    Explained root = tree(TreeOptions.of(3, 3, 0.01)).root();
    Explained source = root.splits().get(0).followed().get(0);
    assertThat(source.row().position()).isEqualTo(name);
    assertThat(source.row().share()).isGreaterThan(0.5);
    Explained lower = source.splits().get(0).followed().get(0);
    assertThat(lower.row().name()).isEqualTo("L" + LOWER + ".F" + LOWER_FEATURE);
    assertThat(lower.row().position()).isEqualTo(name);
    assertThat(lower.row().share()).isGreaterThan(0.5);
    Split sources = lower.splits().get(0);
    Explained itself = sources.followed().get(0);
    assertThat(itself.row().position()).isEqualTo(name);
  }

  @Test
  void throughHeadsItIsFoundToo() {
    Explained root = tree(TreeOptions.of(3, 3, 0.01).byHead()).root();
    Explained source = root.splits().get(0).followed().get(0);
    Explained head = source.splits().get(0).followed().get(0);
    assertThat(head.row().name()).isEqualTo("L" + LOWER + ".H" + LOWER_HEAD);
    assertThat(head.splits().get(0).followed().get(0).row().position()).isEqualTo(name);
  }

  @Test
  void theGraphsHeaviestEdgesAreTheCircuit() {
    AttributionGraph graph = TreeGraph.of("planted", tree(TreeOptions.of(3, 3, 0.01)));
    GraphNode upper = graph.roots().get(0);
    GraphNode lower = new GraphNode(Part.ATTENTION_FEATURE, LOWER, LOWER_FEATURE, name);
    assertThat(heaviest(graph, upper).from()).isEqualTo(lower);
    assertThat(graph.facts(lower).isSplit()).isTrue();
    assertThat(graph.into(lower)).allMatch(edge -> edge.from().position() <= name);
  }

  private static GraphEdge heaviest(AttributionGraph graph, GraphNode node) {
    return graph.into(node).stream()
        .reduce((a, b) -> a.contribution() >= b.contribution() ? a : b)
        .orElseThrow();
  }

  @Test
  void theHeadLookedBecauseOfTheMark() {
    Explained source =
        tree(TreeOptions.of(3, 1, 0.01).withReasons()).root().splits().get(0).followed().get(0);
    QkReason reason = source.reasons().get(0);
    assertThat(reason.layer()).isEqualTo(UPPER);
    assertThat(reason.head()).isEqualTo(UPPER_HEAD);
    assertThat(reason.moved()).isCloseTo(source.total(), offset(0.05 * source.total()));
    assertThat(reason.pairs())
        .extracting(pair -> pair.key().name())
        .contains("L" + LOWER + ".F" + LOWER_FEATURE);
    double sum =
        reason.others()
            + reason.pairs().stream().mapToDouble(QkAttribution.Pair::contribution).sum();
    assertThat(sum).isCloseTo(reason.score() + reason.residual(), offset(1e-9));
    assertThat(key(StreamSplit.FEATURES)).isEqualTo("L" + LOWER + ".F" + LOWER_FEATURE);
    assertThat(key(StreamSplit.HEADS)).isEqualTo("L" + LOWER + ".H" + LOWER_HEAD);
  }

  /** The part of the key's stream that adds most to the score. */
  private String key(StreamSplit split) {
    QkSide side = QkSide.of(split);
    return QkAttribution.of(run, UPPER, UPPER_HEAD, 0, end, name, side, side)
        .byKey()
        .top(1, part -> true)
        .get(0)
        .name();
  }
}
