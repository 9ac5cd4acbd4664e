package org.zlens.engine.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The files of a repository that a tokenizer is loaded from. */
public final class TokenizerFiles implements Selection {
  /** Beside the tokenizer, where they are there: what begins and ends texts. */
  static final List<String> SETTINGS = List.of("tokenizer_config.json", "chat_template.jinja");

  private static final String TOKENIZER = "tokenizer.json";

  @Override
  public Choice of(Set<String> names) {
    List<String> files = new ArrayList<>();
    boolean there = names.contains(TOKENIZER);
    if (there) {
      files.add(TOKENIZER);
    }
    SETTINGS.stream().filter(names::contains).forEach(files::add);
    return new Choice(files, there ? List.of() : List.of(TOKENIZER), List.of(), false);
  }
}
