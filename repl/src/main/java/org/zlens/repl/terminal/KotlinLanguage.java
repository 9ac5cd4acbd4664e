package org.zlens.repl.terminal;

import java.util.List;
import java.util.TreeMap;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Completion;
import org.zlens.dsl.kotlin.EntryLanguage;
import org.zlens.dsl.kotlin.KotlinLexer;
import org.zlens.dsl.kotlin.KotlinLines;
import org.zlens.dsl.kotlin.KotlinToken;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.syntax.SourceText;

/**
 * Kotlin at the prompt. Its compiler takes seconds to load and hundreds of megabytes, so it is
 * loaded in the background from the first keystroke on that makes a line Kotlin, and not before.
 */
final class KotlinLanguage implements LineLanguage {
  private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;

  private final Session session;
  private final EntryLanguage language;

  KotlinLanguage(Session session) {
    this.session = session;
    this.language = new EntryLanguage(session.registry(), this::isDeclared);
  }

  private boolean isDeclared(String name) {
    KotlinLines lines = KotlinLines.find(session);
    return lines != null && lines.declares(name);
  }

  @Override
  public boolean takes(String entry) {
    return language.isKotlin(entry);
  }

  @Override
  public boolean isOpen(String entry) {
    return EntryLanguage.isOpen(entry);
  }

  @Override
  public void run(SourceText entry) {
    KotlinLines.of(session).run(entry);
  }

  @Override
  public AttributedString highlight(String entry) {
    if (!session.files().isSafe()) {
      KotlinLines.of(session).warm();
    }
    AttributedStringBuilder out = new AttributedStringBuilder();
    int at = 0;
    for (KotlinToken token : KotlinLexer.lex(entry)) {
      out.append(entry.substring(at, token.span().start()), PLAIN);
      out.append(token.text(), style(token.kind()));
      at = token.span().end();
    }
    return out.append(entry.substring(at), PLAIN).toAttributedString();
  }

  private static AttributedStyle style(KotlinToken.Kind kind) {
    return switch (kind) {
      case KEYWORD -> PLAIN.bold();
      case NUMBER -> PLAIN.foreground(AttributedStyle.MAGENTA);
      case STRING, TEMPLATE, CHARACTER -> PLAIN.foreground(AttributedStyle.GREEN);
      case COMMENT -> PLAIN.faint();
      case NAME, SYMBOL -> PLAIN;
    };
  }

  @Override
  public int wordStart(String before) {
    int start = before.length();
    while (start > 0 && Character.isJavaIdentifierPart(before.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  @Override
  public Completion complete(String before) {
    int start = wordStart(before);
    if (start > 0 && before.charAt(start - 1) == '.') {
      return new Completion(start, before.substring(start), List.of());
    }
    TreeMap<String, Candidate> all = new TreeMap<>();
    session
        .registry()
        .all()
        .forEach(
            command -> {
              String name = function(command.signature().verb());
              all.put(name, new Candidate(name, command.signature().summary()));
            });
    session
        .variables()
        .forEach((name, value) -> all.put(name, new Candidate(name, value.kind().phrase())));
    return new Completion(start, before.substring(start), List.copyOf(all.values()));
  }

  /** What the facade calls a verb. */
  private static String function(String verb) {
    String[] words = verb.split(" ");
    StringBuilder name = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      name.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
    }
    return name.toString();
  }

  @Override
  public String explain(String before) {
    return null;
  }
}
