package org.zlens.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.zlens.engine.tokenizer.ByteLevel;

class TemplateTest {
  @Test
  void gapsTakeWordsWithTheSpaceBeforeThem() {
    Template template = Template.of("Image {0}/{1}, said {2}.");
    List<String> words = new ArrayList<>();
    template.fill(words::add, false, "2", "8", "Ann");
    assertThat(words).containsExactly("Image", " 2", "/", "8", ",", " said", " Ann", ".");
    words.clear();
    template.fill(words::add, true, "2", "8", "Ann");
    assertThat(words).startsWith(" Image", " 2");
    assertThat(template.literals()).containsExactly("Image", " Image", "/", ",", " said", ".");
  }

  @Test
  void everyIoiPatternIsCutAsItsTextIs() {
    for (IoiTemplate template : IoiTemplate.all()) {
      for (Template pattern : List.of(template.prompt(), template.filledPrompt())) {
        List<String> words = new ArrayList<>();
        pattern.fill(words::add, false, "Ann", "Bob", "store", "ring", "and");
        String text = pattern.text("Ann", "Bob", "store", "ring", "and");
        assertThat(ByteLevel.words(text)).isEqualTo(words);
        assertThat(text.indexOf("Ann") < text.indexOf("Bob"))
            .isEqualTo(template.order() == IoiTemplate.Order.ABBA);
      }
      assertThat(template.filledPrompt().text("Ann", "Bob", "store", "ring", "and"))
          .contains(IoiTemplate.FILLER);
    }
    assertThat(IoiTemplate.mixed()).hasSize(14);
  }
}
