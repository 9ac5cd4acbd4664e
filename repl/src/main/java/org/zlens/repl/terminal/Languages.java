package org.zlens.repl.terminal;

import java.util.List;

/** The languages of a prompt, in the order in which they are asked whether an entry is theirs. */
record Languages(List<LineLanguage> all) {
  Languages {
    all = List.copyOf(all);
  }

  /** The first that takes an entry, else the last of all. */
  LineLanguage of(String entry) {
    return all.stream()
        .filter(language -> language.takes(entry))
        .findFirst()
        .orElse(all.get(all.size() - 1));
  }
}
