package org.zlens.engine.data.sprig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.zlens.engine.ZlensException;
import org.zlens.engine.tokenizer.ByteLevel;

class SprigTextTest {
  private static final int DOCUMENTS = 3000;

  @ParameterizedTest
  @EnumSource(PassageKind.class)
  void documentsUseOnlyTheClosedLexiconAndAreCutAsTheTokenizerCuts(PassageKind kind) {
    SprigText text = new SprigText(5, Mix.of(Map.of(kind, 1.0)));
    Set<String> words = Sprig.words();
    for (long n = 0; n < DOCUMENTS; n++) {
      SprigText.Document document = text.document(n);
      assertThat(words).containsAll(document.words());
      assertThat(ByteLevel.words(document.text())).isEqualTo(document.words());
      assertThat(document.words()).hasSizeBetween(4, 110);
    }
  }

  @Test
  void poolWordsStandInNoSentence() {
    SprigText text = new SprigText(6, Mix.standard());
    Set<String> pool = Set.copyOf(Lexicon.POOL.stream().map(word -> " " + word).toList());
    for (long n = 0; n < DOCUMENTS; n++) {
      SprigText.Document document = text.document(n);
      if (document.kind() != PassageKind.REPEAT_FEW && document.kind() != PassageKind.REPEAT_MANY) {
        assertThat(document.words()).doesNotContainAnyElementsOf(pool);
      }
    }
  }

  @Test
  void noHeldOutPairOfNamesSharesADocument() {
    SprigText text = new SprigText(7, Mix.of(Map.of(PassageKind.INDIRECT_OBJECT, 1.0)));
    for (long n = 0; n < DOCUMENTS; n++) {
      var names =
          text.document(n).words().stream()
              .map(String::strip)
              .filter(Lexicon.NAMES::contains)
              .distinct()
              .toList();
      for (String first : names) {
        for (String second : names) {
          assertThat(!first.equals(second) && NamePairs.heldOut(first, second)).isFalse();
        }
      }
    }
  }

  @Test
  void aboutOnePairInTenIsHeldOut() {
    long held =
        Lexicon.NAMES.stream()
            .flatMap(
                first ->
                    Lexicon.NAMES.stream()
                        .filter(n -> first.compareTo(n) < 0)
                        .map(second -> NamePairs.heldOut(first, second)))
            .filter(out -> out)
            .count();
    assertThat(held).isBetween(160L, 200L);
  }

  @Test
  void aDocumentDependsOnSeedAndNumberAlone() {
    SprigText text = new SprigText(11, Mix.standard());
    String before = text.document(41).text();
    text.document(3);
    assertThat(new SprigText(11, Mix.standard()).document(41).text()).isEqualTo(before);
    assertThat(new SprigText(12, Mix.standard()).document(41).text()).isNotEqualTo(before);
  }

  @Test
  void rowsGoOnFromAPosition() {
    SprigRows rows = SprigRows.of(3, Mix.standard());
    rows.next(10);
    SprigRows later =
        new SprigRows(
            new SprigText(3, Mix.standard()), WordIds.standard(), Sprig.CONTEXT, rows.position());
    assertThat(later.next(4)).isDeepEqualTo(rows.next(4));
    for (int[] row : rows.next(20)) {
      assertThat(row).hasSize(Sprig.CONTEXT);
      assertThat(row[0]).isEqualTo(WordIds.standard().beginning());
    }
  }

  @Test
  void sharesAreOfTokens() {
    SprigText text =
        new SprigText(9, Mix.of(Map.of(PassageKind.REPEAT_MANY, 0.5, PassageKind.SUCCESSION, 0.5)));
    long repeats = 0;
    long all = 0;
    for (long n = 0; n < 6000; n++) {
      SprigText.Document document = text.document(n);
      all += document.words().size();
      repeats += document.kind() == PassageKind.REPEAT_MANY ? document.words().size() : 0;
    }
    assertThat((double) repeats / all).isBetween(0.45, 0.55);
  }

  @Test
  void aMixWithoutAnythingIsRefused() {
    assertThatThrownBy(() -> Mix.of(Map.of(PassageKind.CODE, 0.0)))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("at least one share");
  }
}
