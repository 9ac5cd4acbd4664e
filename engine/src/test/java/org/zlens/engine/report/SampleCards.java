package org.zlens.engine.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.zlens.engine.dashboard.ActivationBand;
import org.zlens.engine.dashboard.ActivationHistogram;
import org.zlens.engine.dashboard.FeatureCard;
import org.zlens.engine.dashboard.KeptExample;
import org.zlens.engine.dashboard.LogitReach;
import org.zlens.engine.dashboard.Related;

/** Cards as full as they can be, with texts as bad as they can be. */
public final class SampleCards {
  /** A tag, an attribute's end, format specifiers, marks that turn text around, and a null. */
  public static final String HOSTILE =
      "</script><img src=x onerror=document.title='gone'>&'\"$x$%s\u202E\u2066\u0000";

  private static final int[] ROW = new int[64];

  static {
    Arrays.setAll(ROW, i -> i);
  }

  private SampleCards() {}

  private static KeptExample example(int position, float activation, boolean attributed) {
    float[] around = new float[11];
    float[] brings = new float[attributed ? 11 : 0];
    around[5] = activation;
    around[7] = activation / 3;
    if (attributed) {
      for (int i = 0; i < brings.length; i++) {
        brings[i] = i == 5 ? activation / 2 : activation / (20 + i);
      }
    }
    return new KeptExample(
        position % 3, position, activation, around, attributed ? position / 2 : -1, brings);
  }

  private static List<KeptExample> examples(int count, float from, boolean attributed) {
    List<KeptExample> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(example(63 - i, from - 0.01f * i, attributed));
    }
    return all;
  }

  private static Related related(int count) {
    int[] features = new int[count];
    float[] values = new float[count];
    Arrays.setAll(features, i -> 10 + i);
    for (int i = 0; i < count; i++) {
      values[i] = 1f - 0.04f * i;
    }
    return new Related(features, values);
  }

  /** A feature of an attention SAE that fires in every band; with a proxy. */
  public static FeatureCard full(int feature) {
    List<ActivationBand> bands = new ArrayList<>();
    for (int band = 15; band >= 0; band--) {
      bands.add(new ActivationBand(band, band + 1, 40, examples(5, band + 0.9f, true)));
    }
    int[] counts = new int[64];
    int[] proxy = new int[64];
    Arrays.setAll(counts, i -> 10);
    Arrays.setAll(proxy, i -> i % 10);
    float[] heads = new float[12];
    Arrays.fill(heads, 1 / 12f);
    int[] logits = new int[LogitReach.BINS];
    Arrays.setAll(logits, i -> i * i);
    Related opposed = related(20);
    for (int i = 0; i < 20; i++) {
      opposed.values()[i] *= -1;
    }
    return new FeatureCard(
        5,
        feature,
        "L5.F" + feature,
        100_000,
        640,
        5_000,
        -0.25,
        examples(20, 15.9f, true),
        bands,
        new ActivationHistogram(0.25, counts, proxy),
        heads,
        new LogitReach(related(20), opposed, -1, 1, logits),
        related(10),
        related(10));
  }

  /** A feature of a residual SAE that is never active. */
  public static FeatureCard dead(int feature) {
    return new FeatureCard(
        5,
        feature,
        "L5.R" + feature,
        1000,
        0,
        -1,
        Double.NaN,
        List.of(),
        List.of(),
        new ActivationHistogram(0, new int[0], new int[0]),
        new float[0],
        new LogitReach(related(20), related(20), 0, 0, new int[LogitReach.BINS]),
        Related.NONE,
        related(10));
  }

  /** Links that say that there are pages of features below 15, and public ones of all. */
  public static DashboardLinks links(String text) {
    return new DashboardLinks() {
      @Override
      public String address(int feature) {
        return "L5.F" + feature;
      }

      @Override
      public String file(int feature) {
        return feature < 15 ? "L5.F" + feature + ".html" : "";
      }

      @Override
      public String publicPage(int feature) {
        return "https://www.neuronpedia.org/gpt2-small/5-att-kk/" + feature;
      }

      @Override
      public String proxy() {
        return text;
      }
    };
  }

  /** A writer of pages whose tokens are these. */
  public static DashboardPage pages(IntFunction<String> pieces, String text) {
    return new DashboardPage(links(text), pieces, row -> ROW.clone());
  }
}
