package org.zlens.dsl.kotlin;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names of values that Kotlin code may give to the session, as far as its words tell: what
 * commands after it may use is checked before anything runs.
 */
public final class SharedNames {
  private SharedNames() {}

  /** Those of {@code let("name", ...)}, and with declarations also those of {@code val name}. */
  public static Set<String> in(String code, boolean declarations) {
    List<KotlinToken> tokens =
        KotlinLexer.lex(code).stream().filter(t -> t.kind() != KotlinToken.Kind.COMMENT).toList();
    Set<String> names = new TreeSet<>();
    for (int i = 0; i + 1 < tokens.size(); i++) {
      String word = tokens.get(i).text();
      KotlinToken next = tokens.get(i + 1);
      if (declarations
          && (word.equals("val") || word.equals("var"))
          && next.kind() == KotlinToken.Kind.NAME) {
        names.add(next.text());
      } else if (word.equals("let") && next.isSymbol("(") && i + 2 < tokens.size()) {
        KotlinToken name = tokens.get(i + 2);
        if (name.kind() == KotlinToken.Kind.STRING && name.text().length() > 2) {
          names.add(name.text().substring(1, name.text().length() - 1));
        }
      }
    }
    return names;
  }
}
