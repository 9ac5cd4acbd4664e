package org.zlens.dsl.command.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.ElementType;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.sae.InputNormalization;
import org.zlens.engine.sae.SaeConfig;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.SaeLensWriter;
import org.zlens.engine.sae.SaeSource;
import org.zlens.engine.sae.SaeWeights;
import org.zlens.engine.sae.WeightBasis;

/**
 * Square SAEs, of which shapes say nothing: a rotation there and back, which reconstructs exactly,
 * in files that hold its matrices in every way.
 */
class OrientationTest {
  private static final int WIDTH = 128;

  /** Keeps every pre-activation above zero. */
  private static final float LIFT = 60;

  @TempDir private static Path folder;

  @BeforeAll
  static void write() {
    float[] there = rotation(new Random(3));
    float[] back = transposed(there);
    // What the lift adds to a reconstruction is taken off again.
    float[] bias = new float[WIDTH];
    for (int row = 0; row < WIDTH; row++) {
      for (int column = 0; column < WIDTH; column++) {
        bias[column] -= LIFT * back[row * WIDTH + column];
      }
    }
    write("right", there, back, bias);
    write("both", back, there, bias);
    write("encoder", back, back, bias);
    write("decoder", there, there, bias);
    write("neither", rotation(new Random(4)), back, bias);
  }

  private static float[] rotation(Random random) {
    double[][] rows = new double[WIDTH][WIDTH];
    for (int row = 0; row < WIDTH; row++) {
      for (int i = 0; i < WIDTH; i++) {
        rows[row][i] = random.nextGaussian();
      }
      for (int other = 0; other < row; other++) {
        double dot = dot(rows[row], rows[other]);
        for (int i = 0; i < WIDTH; i++) {
          rows[row][i] -= dot * rows[other][i];
        }
      }
      double norm = Math.sqrt(dot(rows[row], rows[row]));
      for (int i = 0; i < WIDTH; i++) {
        rows[row][i] /= norm;
      }
    }
    float[] flat = new float[WIDTH * WIDTH];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) rows[i / WIDTH][i % WIDTH];
    }
    return flat;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < WIDTH; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static float[] transposed(float[] matrix) {
    float[] other = new float[matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      other[i % WIDTH * WIDTH + i / WIDTH] = matrix[i];
    }
    return other;
  }

  private static void write(String name, float[] encoder, float[] decoder, float[] bias) {
    float[] lift = new float[WIDTH];
    Arrays.fill(lift, LIFT);
    SaeConfig config =
        new SaeConfig(
            WIDTH,
            WIDTH,
            "blocks.1.hook_resid_pre",
            1,
            false,
            InputNormalization.NONE,
            false,
            ModelLoader.SPRIG,
            true,
            128,
            WeightBasis.PROCESSED,
            SaeSource.made(folder, Map.of()));
    SaeLensWriter.write(
        folder.resolve(name),
        new SaeWeights(config, new SaeEncoder.Relu(), encoder, decoder, lift, bias, new float[0]),
        ElementType.F32);
  }

  private static double explained(Conversation talk) {
    return talk.ask("evaluate sae L1 residual on sprig tokens 512")
        .table()
        .doubleColumn("explained")
        .get(0);
  }

  @Test
  void matricesAreTurnedAsTheyReconstruct() {
    Map<String, String> ways =
        Map.of(
            "right", "as they stand",
            "both", "both transposed",
            "encoder", "the encoder transposed",
            "decoder", "the decoder transposed");
    ways.forEach(
        (name, words) -> {
          try (Conversation talk = new Conversation(folder)) {
            assertThat(talk.ask("model sprig\nsae \"" + name + "\"").notes())
                .anyMatch(
                    note -> note.startsWith("L1.resid_pre: square matrices are read " + words));
            assertThat(explained(talk)).isGreaterThan(99.9);
          }
        });
  }

  @Test
  void matricesThatReconstructNoWayAreRefused() {
    try (Conversation talk = new Conversation(folder)) {
      talk.ask("model sprig");
      Diagnostic failure = talk.fail("sae \"neither\"");
      assertThat(failure.kind()).isEqualTo(Kind.DATA);
      assertThat(failure.message())
          .contains("square matrices that reconstruct the model's vectors at L1.resid_pre neither");
      assertThat(failure.hint()).contains("as they stand", "both transposed");
      // Those that were there before are there still.
      assertThatCode(() -> explained(talk)).doesNotThrowAnyException();
      assertThat(talk.ask("sae").notes()).isEmpty();
    }
  }
}
