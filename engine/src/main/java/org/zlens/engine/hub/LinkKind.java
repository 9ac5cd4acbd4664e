package org.zlens.engine.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Ways in which a name can lead to a content, the best first. */
enum LinkKind {
  /** As huggingface_hub makes them; Windows lets only some users. */
  SYMBOLIC,
  /** Within one file system. */
  HARD,
  /** Everywhere. */
  COPY;

  /** Makes the name; false where the system does not know this way. */
  boolean make(Path name, Path content) throws IOException {
    if (this == COPY) {
      Files.copy(content, name);
      return true;
    }
    try {
      if (this == SYMBOLIC) {
        Files.createSymbolicLink(name, name.getParent().relativize(content));
      } else {
        Files.createLink(name, content);
      }
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** The way to try after this one, which must not be the last. */
  LinkKind next() {
    return values()[ordinal() + 1];
  }
}
