package org.zlens.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.zlens.engine.RandomModel;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.LoadedSae;
import org.zlens.engine.sae.Sae;

class PublicPagesTest {
  private static final String KISSANE =
      "hf:ckkissane/attn-saes-gpt2-small-all-layers/"
          + "gpt2-small_L2_Hcat_z_lr1.20e-03_l11.00e+00_ds24576_bs4096_dc1.00e-06_rsanthropic_rie25000_nr4_v4.pt";
  private static final String BLOOM =
      "hf:jbloom/GPT2-Small-SAEs-Reformatted/blocks.2.hook_resid_pre";

  private static PublicPages pages(Sae sae, String name) {
    return PublicPages.of(new LoadedSae(sae, name, null));
  }

  @Test
  void knownSaesHavePagesWhereTheirFeaturesAreShown() {
    try (Scope scope = Scope.open();
        RandomModel random = RandomModel.processed(5).withSaes(20)) {
      Sae attention = random.saes().attention(2);
      assertThat(pages(attention, KISSANE).of(417))
          .isEqualTo("https://www.neuronpedia.org/gpt2-small/2-att-kk/417");
      assertThat(pages(random.saes().residual(2), BLOOM).of(9))
          .isEqualTo("https://www.neuronpedia.org/gpt2-small/2-res-jb/9");
      assertThat(pages(attention, KISSANE.replace("_L2_", "_L3_")).of(417)).isEmpty();
      assertThat(pages(random.saes().attention(1), KISSANE).of(417)).isEmpty();
      assertThat(pages(attention, "hf:somebody/else/" + "weights.pt").of(417)).isEmpty();
      assertThat(pages(attention, "sprig").of(417)).isEmpty();
    }
  }
}
