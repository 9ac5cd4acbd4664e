package org.zlens.dsl.lang;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every message of an error of the language stands in some test: in the syntax, in what is checked
 * before a run, and in what expressions come to.
 */
class ErrorMessagesTest {
  private static final Path SOURCES = Path.of("src/main/java/org/zlens/dsl");
  private static final List<String> PACKAGES = List.of("syntax", "command", "session");

  private static final Pattern CALL =
      Pattern.compile(
          "(?:new Fault|Fault\\.missing|new ZlensException|Diagnostic\\.at"
              + "|\\.unexpected|\\berror|\\bfault)\\(");

  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final int SHORTEST = 6;

  @Test
  void everyMessageStandsInSomeTest() throws IOException {
    String tests = texts(Path.of("src/test"));
    List<String> untested = new ArrayList<>();
    int messages = 0;
    for (String name : PACKAGES) {
      try (Stream<Path> files = Files.list(SOURCES.resolve(name))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
          for (String message : messages(Files.readString(file))) {
            messages++;
            if (!tests.contains(message)) {
              untested.add(file.getFileName() + ": " + message);
            }
          }
        }
      }
    }
    assertThat(messages).as("messages found").isGreaterThan(100);
    assertThat(untested).isEmpty();
  }

  /** The longest literal of the message in each call that makes an error. */
  private static List<String> messages(String source) {
    List<String> messages = new ArrayList<>();
    Matcher call = CALL.matcher(source);
    while (call.find()) {
      for (String argument : arguments(source, call.end())) {
        String longest =
            LITERAL
                .matcher(argument)
                .results()
                .map(literal -> plain(literal.group(1)))
                .max(Comparator.comparingInt(String::length))
                .orElse("");
        if (!longest.isEmpty()) {
          if (longest.length() >= SHORTEST) {
            messages.add(longest);
          }
          break;
        }
      }
    }
    return messages;
  }

  /** The arguments of a call, whose bracket opens before an offset. */
  private static List<String> arguments(String source, int from) {
    List<String> arguments = new ArrayList<>();
    int depth = 1;
    int start = from;
    for (int at = from; depth > 0; at++) {
      char c = source.charAt(at);
      if (c == '"' || c == '\'') {
        at = end(source, at);
      } else if (c == '(' || c == '{' || c == '[') {
        depth++;
      } else if (c == ')' || c == '}' || c == ']') {
        depth--;
      }
      if (depth == 0 || depth == 1 && c == ',') {
        arguments.add(source.substring(start, at));
        start = at + 1;
      }
    }
    return arguments;
  }

  /** Where the literal ends that begins at an offset. */
  private static int end(String source, int begin) {
    int at = begin + 1;
    while (source.charAt(at) != source.charAt(begin)) {
      at += source.charAt(at) == '\\' ? 2 : 1;
    }
    return at;
  }

  private static String plain(String literal) {
    return literal.replace("\\\"", "\"").replace("\\\\", "\\");
  }

  private static String texts(Path folder) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.(java|test)")).toList()) {
        all.append(plain(Files.readString(file)));
      }
    }
    return all.toString();
  }
}
