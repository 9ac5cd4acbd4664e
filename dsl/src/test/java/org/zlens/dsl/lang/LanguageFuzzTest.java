package org.zlens.dsl.lang;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.session.Functions;
import org.zlens.dsl.syntax.Keyword;
import org.zlens.engine.fuzz.FuzzSeeds;

/** Whatever bytes a script is made of: lexer, parser, printer, binder and completer survive it. */
class LanguageFuzzTest implements FuzzSeeds {
  private static final List<String> SIGNS =
      List.of(
          "| ", "\n", "; ", "..", "!=", "<=", ">=", "{ ", " }", "\\u00", "\\\"", "#2", "$_", " -1");
  private static final List<String> PLACES =
      List.of(
          "L2.F417",
          "L9.R1",
          "L1.H3",
          "L0..L3",
          "L2.z",
          "blocks.1.attn.hook_z",
          "ln_final.hook_x",
          "END-1",
          "S2+1",
          "ALL",
          "\" Bob\"#2",
          "last.delta",
          "`log odds`",
          "pick small\n");

  @FuzzTest
  void anyBytes(byte[] bytes) {
    Survival.check(new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public void write(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("dsl/src/test/resources/lang"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".test")).sorted().toList()) {
        int count = 0;
        for (String script : Files.readString(file).split("(?m)^---$")) {
          String name = file.getFileName().toString().replace(".test", "-" + count++);
          Files.writeString(folder.resolve(name), script.strip());
        }
      }
    }
  }

  @Override
  public List<String> words() {
    TreeSet<String> words = new TreeSet<>(SIGNS);
    words.addAll(PLACES);
    words.addAll(Keyword.ALL);
    Functions.ALL.keySet().forEach(name -> words.add(name + "("));
    LanguageCase.registry()
        .all()
        .forEach(
            command -> {
              words.add(command.signature().verb() + " ");
              command.signature().parameters().stream()
                  .map(Parameter::word)
                  .filter(word -> word != null)
                  .forEach(word -> words.add(" " + word + " "));
            });
    return List.copyOf(words);
  }
}
