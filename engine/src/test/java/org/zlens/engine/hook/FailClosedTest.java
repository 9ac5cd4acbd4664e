package org.zlens.engine.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Edit.Effect;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.SiteEdit;
import org.zlens.engine.intervene.SiteRule;
import org.zlens.engine.intervene.Target;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** What other tools let pass in silence, one test for each. */
class FailClosedTest {
  private static final Location Z = Location.of(Site.Z, 1);

  private RandomModel random;
  private Scope scope;
  private Tensor tokens;

  @BeforeEach
  void open() {
    random = RandomModel.processed(9);
    scope = Scope.open();
    tokens = random.tokens(2, 7);
  }

  @AfterEach
  void close() {
    scope.close();
    random.close();
  }

  private Activations run(Edit edit) {
    return random.model().forward(tokens, Hooks.none().edit(edit));
  }

  private static Edit edit(Location location, UnaryOperator<Tensor> change) {
    return new Edit(location, "edit", Effect.MUST_CHANGE, change::apply);
  }

  private void refused(Edit edit, String message) {
    assertThatThrownBy(() -> run(edit)).isInstanceOf(ZlensException.class).hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"processed", "grouped", "raw"})
  void transformerLensGatedAndNormSitesDoNotFire(String kind) {
    try (RandomModel model =
            switch (kind) {
              case "processed" -> RandomModel.processed(2);
              case "grouped" -> RandomModel.grouped(2);
              default -> RandomModel.raw(2);
            };
        Scope inner = Scope.open()) {
      Tensor prompts = model.tokens(2, 7);
      Tensor clean = model.model().forward(prompts, Hooks.none()).logits();
      for (Location location : model.model().config().locations()) {
        Edit every = edit(location, x -> x.add(model.normal(0.3, x.shape()).abs()));
        Activations pass = model.model().forward(prompts, Hooks.none().edit(every));
        assertThat(pass.firings()).as(location.shortName()).hasSize(1);
        Firing firing = pass.firings().get(0);
        assertThat(firing.places()).isEqualTo(firing.claimed()).isEqualTo(14);
        assertThat(pass.logits().sub(clean).abs().max().item())
            .as(location.shortName())
            .isGreaterThan(1e-5);
      }
    }
  }

  @Test
  void transformerLensNormScalesFireThreeTimes() {
    Activations pass = run(edit(Location.of(Site.LN1_SCALE, 1), x -> x.mul(2)));
    assertThat(pass.firings()).hasSize(1);
  }

  @Test
  void transformerLensASliceOfAnotherShapeChangesTheLogits() {
    refused(
        edit(Z, z -> z.slice(0, 0, 1)),
        "edit at L1.z gave shape [1, 7, 4, 6] where [2, 7, 4, 6] was expected");
  }

  @Test
  void transformerLensHooksBeyondTheLastPassNeverFire() {
    Hooks early =
        Hooks.none().edit(edit(Location.of(Site.FINAL_SCALE), x -> x.mul(2))).withoutLogits();
    assertThatThrownBy(() -> random.model().forward(tokens, early))
        .isInstanceOf(ZlensException.class)
        .hasMessage("edit at ln_final.scale never fired");
  }

  @Test
  void saeLensSitesThatTheModelLacksAreSkipped() {
    refused(edit(Location.of(Site.Z, 3), z -> z.mul(2)), "no layer 3 in this model: 'L3.z'");
  }

  @Test
  void llamascopiumChangesThatChangeNothing() {
    refused(edit(Z, z -> z), "edit at L1.z changed nothing");
    refused(edit(Z, Tensor::copy), "edit at L1.z changed nothing");
    assertThatThrownBy(() -> new SiteRule.Scale(1)).hasMessage("a factor of 1 changes nothing");
    assertThatThrownBy(() -> new SiteRule.Add(new float[3], "v"))
        .hasMessage("adding zeros changes nothing");
  }

  @Test
  void pyveneEditsReachOtherPlacesThanTheyName() {
    Claim one = Claim.at(Site.Z, new long[] {0}, new long[] {3});
    refused(
        new Edit(Z, "edit", Effect.MUST_CHANGE, z -> z.mul(2), one),
        "edit at L1.z changed values at 13 places that it does not name");
  }

  @Test
  void valuesThatAreNoNumbersGoOn() {
    refused(edit(Z, z -> z.div(z.sub(z))), "edit at L1.z gave 336 values that are not finite");
  }

  @Test
  void placesThatAPromptLacksAreLeftOut() {
    Batch batch = new Batch(tokens, new int[] {7, 5});
    SiteEdit beyond = SiteEdit.zero(Z, Where.rows(List.of(new int[] {6}, new int[] {5})));
    assertThatThrownBy(() -> beyond.edits(null, batch))
        .isInstanceOf(ZlensException.class)
        .hasMessage("position 5 is outside prompt 1, which has 5 tokens");
    SiteEdit head = new SiteEdit(Target.of(Site.Z, 1, 4), new SiteRule.Zero(), Where.all(0));
    assertThatThrownBy(() -> run(head.edits(null, batch).get(0)))
        .hasMessage("no head H4 in L1.z (it has 4)");
  }

  /** No pass of ours comes by a location twice; one that did would be found out. */
  @Test
  void anEditThatFiresTwiceIsAnError() {
    try (Scope scope = Scope.open()) {
      Location at = Location.of(Site.Z, 1);
      Edit edit = new Edit(at, "double it", Edit.Effect.MUST_CHANGE, values -> values.mul(2));
      HookRun run = new HookRun(List.of(), Hooks.none().edit(edit));
      Tensor values = Tensor.full(1, 1, 3, 2, 4);
      run.at(Site.Z, 1, values);
      run.at(Site.Z, 1, values);
      assertThatThrownBy(() -> run.finish(null))
          .isInstanceOf(ZlensException.class)
          .hasMessage("double it at L1.z fired 2 times where once was expected");
    }
  }
}
