package org.zlens.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.zlens.engine.hook.Site;
import org.zlens.engine.measure.SaeQuality;
import org.zlens.engine.measure.SprigMeasures;
import org.zlens.engine.measure.SprigMeasures.Figure;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.LoadedSae;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeLoader;

/** What the card of the embedded model promises, measured again on the weights that are shipped. */
class SprigCardTest {
  private static LanguageModel model;
  private static String card;

  @BeforeAll
  static void load() throws Exception {
    model = ModelLoader.load(ModelLoader.SPRIG, WeightStep.all());
    try (InputStream in = SprigCard.class.getResourceAsStream("/org/zlens/engine/sprig/CARD.md")) {
      card = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void behavesAsItsCardSays() {
    Map<String, Double> values = new HashMap<>();
    for (Figure figure : SprigMeasures.of(model)) {
      values.put(figure.name(), figure.value());
      assertThat(card).contains(SprigCard.row(figure));
    }
    assertThat(values.get("IOI accuracy")).isGreaterThanOrEqualTo(0.97);
    assertThat(values.get("IOI mean logit difference")).isGreaterThanOrEqualTo(3);
    assertThat(values.get("induction head, mean score")).isGreaterThanOrEqualTo(0.5);
    assertThat(values.get("previous-token head, mean score")).isGreaterThanOrEqualTo(0.5);
    assertThat(values.get("duplicate-token head, mean score")).isGreaterThanOrEqualTo(0.3);
    assertThat(values.get("successor accuracy")).isGreaterThanOrEqualTo(0.97);
    assertThat(values.get("long-prefix accuracy")).isGreaterThanOrEqualTo(0.9);
  }

  @Test
  void saesAreSparseFaithfulAndAlive() {
    List<Sae> saes = SaeLoader.sprig(model.config().layers()).stream().map(LoadedSae::sae).toList();
    try (Scope scope = Scope.open()) {
      assertThat(saes).hasSize(2 * model.config().layers());
      List<Tensor> text = SprigRecipe.heldOut(8);
      for (Sae sae : saes) {
        if (sae.location().site() != Site.Z) {
          continue;
        }
        SaeQuality quality = SaeQuality.measure(model.transformer(), sae, text);
        assertThat(card).contains(SprigCard.row(sae.location(), quality));
        assertThat(quality.activeFeatures()).as("L0 of %s", sae).isLessThanOrEqualTo(20);
        assertThat(quality.lossRecovered()).as("recovered, %s", sae).isGreaterThanOrEqualTo(0.8);
        assertThat(quality.deadShare()).as("dead features of %s", sae).isLessThan(0.4);
      }
    } finally {
      saes.forEach(Sae::close);
    }
  }
}
