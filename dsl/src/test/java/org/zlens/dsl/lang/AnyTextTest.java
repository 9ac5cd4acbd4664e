package org.zlens.dsl.lang;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;

/**
 * Whatever is typed ends in a value or in an error of the user's, never in a bug or a hang.
 *
 * <p>Seeds are fixed, so that the same sources give the same verdict; new texts are what {@code
 * bin/fuzz LanguageFuzzTest} is for.
 */
class AnyTextTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final List<String> WORDS =
      List.of(
          "let",
          "with",
          "x",
          "=",
          "sample",
          "|",
          "where",
          "delta",
          "<",
          "-0.2",
          "and",
          "or",
          "not",
          "(",
          ")",
          "[",
          "]",
          ",",
          "\"BABA\"",
          "\" Bob\"#2",
          "top",
          "3",
          "by",
          "sort",
          "descending",
          ";",
          "\n",
          "pick",
          "small",
          "cut",
          "feature",
          "L2.F417",
          "L9.R16927",
          "L0..L3",
          "at",
          "S2+1",
          "END",
          "$_",
          "last.delta",
          "expect",
          "set",
          "seed",
          "`log odds`",
          "max(",
          "-",
          "+",
          "..",
          "true",
          "for",
          "in",
          "{",
          "}",
          "# note\n",
          "head",
          "L1.H3",
          "tokens",
          "depth",
          "help",
          "show",
          "quit",
          "select");

  @Provide
  Arbitrary<String> scripts() {
    return Arbitraries.of(WORDS).list().ofMaxSize(25).map(words -> String.join(" ", words));
  }

  @Provide
  Arbitrary<String> glued() {
    return Arbitraries.of(WORDS)
        .list()
        .ofMaxSize(12)
        .map(w -> w.stream().collect(Collectors.joining()));
  }

  @Property(tries = 500, seed = "1")
  void anyText(@ForAll String text) {
    survives(text);
  }

  @Property(tries = 1500, seed = "2")
  void anyScriptOfRealWords(@ForAll("scripts") String text) {
    survives(text);
  }

  @Property(tries = 500, seed = "3")
  void anyScriptWithoutBlanks(@ForAll("glued") String text) {
    survives(text);
  }

  private static void survives(String text) {
    Assertions.assertTimeoutPreemptively(
        LIMIT,
        () -> {
          Survival.check(text);
          Survival.run(text);
        });
  }
}
