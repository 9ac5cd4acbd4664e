package org.zlens.dsl.command.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.data.sprig.Mix;
import org.zlens.engine.data.sprig.SprigRows;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.io.ElementType;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.InputNormalization;
import org.zlens.engine.sae.SaeConfig;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.SaeLensWriter;
import org.zlens.engine.sae.SaeSource;
import org.zlens.engine.sae.SaeWeights;
import org.zlens.engine.sae.WeightBasis;
import org.zlens.engine.train.SprigRecipe;
import tech.tablesaw.api.Table;

/**
 * An SAE made by hand at the embedding, with a feature for each of two tokens: the share by which a
 * proxy is right or wrong of them is known from the text alone.
 */
class SpecificityVerbTest {
  private static final String[] WORDS = {" and", " the"};
  private static final int ROWS = 32;
  private static final String ON = " on sprig tokens " + ROWS * 128;

  @TempDir private static Path folder;
  private static int[][] rows;
  private static int[] ids;

  @BeforeAll
  static void make() {
    LanguageModel model = ModelLoader.load(ModelLoader.SPRIG, WeightStep.all());
    try (Scope scope = Scope.open()) {
      rows = SprigRows.of(SprigRecipe.HELD_OUT_SEED, Mix.standard()).next(ROWS);
      ids = new int[] {model.tokenizer().singleId(WORDS[0]), model.tokenizer().singleId(WORDS[1])};
      Location at = Location.of(Site.RESID_PRE, 0);
      int width = model.config().dModel();
      float[] x =
          model
              .transformer()
              .forward(Tensor.ofRows(rows), Hooks.none().capture(at).withoutLogits())
              .get(at)
              .floats();
      float[] encoder = new float[width * 2];
      float[] biases = new float[2];
      for (int feature = 0; feature < 2; feature++) {
        detect(x, width, feature, encoder, biases);
      }
      SaeConfig config =
          new SaeConfig(
              width,
              2,
              at.canonical(),
              0,
              false,
              InputNormalization.NONE,
              false,
              ModelLoader.SPRIG,
              true,
              128,
              WeightBasis.PROCESSED,
              SaeSource.made(folder, Map.of()));
      float[] decoder = new float[2 * width];
      decoder[0] = 1;
      decoder[width + 1] = 1;
      SaeLensWriter.write(
          folder.resolve("hand"),
          new SaeWeights(
              config,
              new SaeEncoder.Relu(),
              encoder,
              decoder,
              biases,
              new float[width],
              new float[0]),
          ElementType.F32);
    } finally {
      model.close();
    }
  }

  /** A direction and a threshold that tell the vectors of a token from all others. */
  private static void detect(float[] x, int width, int feature, float[] encoder, float[] biases) {
    double[] direction = new double[width];
    int count = 0;
    int all = x.length / width;
    for (int i = 0; i < all; i++) {
      boolean own = isOwn(i, feature);
      count += own ? 1 : 0;
      for (int k = 0; k < width; k++) {
        direction[k] += own ? x[i * width + k] : 0;
      }
    }
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < all; i++) {
      double dot = 0;
      for (int k = 0; k < width; k++) {
        dot += direction[k] / count * x[i * width + k];
      }
      if (isOwn(i, feature)) {
        least = Math.min(least, dot);
      } else {
        most = Math.max(most, dot);
      }
    }
    assertThat(least).as("the token can be told from others").isGreaterThan(most);
    for (int k = 0; k < width; k++) {
      encoder[k * 2 + feature] = (float) (direction[k] / count);
    }
    biases[feature] = (float) -((least + most) / 2);
  }

  private static boolean isOwn(int place, int feature) {
    return rows[place / 128][place % 128] == ids[feature];
  }

  private static long count(int feature) {
    long count = 0;
    for (int i = 0; i < ROWS * 128; i++) {
      count += isOwn(i, feature) ? 1 : 0;
    }
    return count;
  }

  private static Table ask(String statement) {
    try (Conversation talk = new Conversation(folder)) {
      return talk.ask("model sprig\nsae \"hand\"\n" + statement).table();
    }
  }

  @Test
  void aProxyThatIsExactlyRight() {
    Table found = ask("specificity L0.R0 proxy (token = \" and\") summary" + ON);
    assertThat(found.intColumn("tokens").get(0)).isEqualTo(ROWS * 128);
    assertThat(found.intColumn("active").get(0)).isEqualTo((int) count(0)).isGreaterThan(20);
    assertThat(found.doubleColumn("specificity").get(0)).isEqualTo(100);
    assertThat(found.doubleColumn("sensitivity").get(0)).isEqualTo(100);
    assertThat(found.intColumn("missed").get(0)).isZero();
  }

  @Test
  void aProxyThatIsWrongByAKnownShare() {
    Table wide = ask("specificity L0.R0 proxy (token = \" and\" or token = \" the\") summary" + ON);
    assertThat(wide.doubleColumn("specificity").get(0)).isEqualTo(100);
    assertThat(wide.intColumn("missed").get(0)).isEqualTo((int) count(1));
    assertThat(wide.doubleColumn("sensitivity").get(0))
        .isCloseTo(100.0 * count(0) / (count(0) + count(1)), within(1e-9));
    long late = 0;
    for (int i = 0; i < ROWS * 128; i++) {
      late += isOwn(i, 0) && i % 128 >= 64 ? 1 : 0;
    }
    Table narrow =
        ask("specificity L0.R0 proxy (token = \" and\" and position >= 64) bands 7" + ON);
    assertThat(narrow.intColumn("proxy").sum()).isEqualTo(late);
    assertThat(narrow.intColumn("other").sum()).isEqualTo(count(0) - late);
    double expected = 0;
    for (int band = 0; band < 7; band++) {
      expected += narrow.doubleColumn("activation").get(band) * narrow.intColumn("proxy").get(band);
    }
    assertThat(narrow.doubleColumn("value_proxy").sum()).isCloseTo(expected / late, within(1e-9));
    assertThat(narrow.doubleColumn("weight_proxy").sum())
        .isCloseTo(expected / count(0), within(1e-9));
  }

  @Test
  void aProxyThatIsNeverRight() {
    Table none = ask("specificity L0.R1 proxy (token = \" and\") examples 3" + ON);
    assertThat(none.stringColumn("kind").countUnique()).isEqualTo(2);
    assertThat(none.stringColumn("token").asList())
        .containsExactly(" and", " and", " and", " the", " the", " the");
    assertThat(none.stringColumn("text").asList().get(0)).contains("[ and]");
  }

  /** Against a search through the ids for what each name is said to hold. */
  @Test
  void theNamesOfAPlaceMeanWhatTheySay() {
    try (LanguageModel model = ModelLoader.load(ModelLoader.SPRIG, WeightStep.all())) {
      long previous = 0;
      long last = 0;
      long followers = 0;
      long earlier = 0;
      int the = ids[1];
      for (int[] row : rows) {
        for (int at = 0; at < row.length; at++) {
          previous += at > 1 && row[at - 2] == the ? 1 : 0;
          boolean recent = false;
          boolean before = false;
          boolean followed = false;
          for (int q = 0; q < at; q++) {
            recent |= row[q] == the && q >= at - 5;
            before |= row[q] == row[at];
            followed |= row[q] == row[at] && row[q + 1] == the;
          }
          last += recent ? 1 : 0;
          earlier += before ? 1 : 0;
          followers += followed ? 1 : 0;
        }
      }
      assertThat(holds("previous2 = \" the\"")).isEqualTo((int) previous).isPositive();
      assertThat(holds("\" the\" in last5")).isEqualTo((int) last).isPositive();
      assertThat(holds("token in earlier")).isEqualTo((int) earlier).isPositive();
      assertThat(holds("\" the\" in followers")).isEqualTo((int) followers).isPositive();
      assertThat(holds("\" the\" in alike")).isGreaterThanOrEqualTo((int) followers);
    }
  }

  private static int holds(String condition) {
    Table found = ask("specificity L0.R0 proxy (" + condition + ") summary" + ON);
    return found.intColumn("proxy").get(0);
  }
}
