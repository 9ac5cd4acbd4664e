package org.zlens.repl;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.repl.output.OutputFormat;

/**
 * The command line of the process. It is read by hand since a library for it costs more time than
 * all else that {@code zlens -c} does.
 */
final class Options {
  /** What {@code --help} prints. */
  static final String HELP =
      """
      usage: zlens [OPTIONS]              a session; or a script on standard input
             zlens [OPTIONS] -c TEXT      run statements
             zlens [OPTIONS] run FILE [NAME=VALUE ...]
                                          run a script, its parameters with these values
             zlens [OPTIONS] replay FILE  run a transcript again and compare its numbers
             zlens [OPTIONS] demo         run a case study on the embedded model
             zlens [OPTIONS] explore      a session with its page open in a browser of this machine
             zlens [OPTIONS] study NAME [NAME=VALUE ...]
                                          run a study of the paper, or 'all', and hold its
                                          numbers against those expected; the report goes
                                          to the folder 'studies'

      Takes transformers apart through sparse autoencoders; 'zlens -c help' lists the verbs.

        -c, --command TEXT   run these statements; given again, they follow as a line of their own
        --format FORMAT      print results as table, json, csv, tsv, markdown or vertical
        --progress           say on standard error how far long commands are, in plain lines
        --keep-going         go on after a statement that fails; the exit code is of the first
        --init FILE          run this script first (a session runs the user's own init.zl)
        --no-init            run no script first
        --port N             where the page of 'explore' listens; anywhere without it
        --offline            fetch nothing from the Hugging Face hub; what is in its cache works
        --safe               refuse statements that write files, run other files or code, or use
                             the network, and reading outside of the current folder: for
                             scripts from elsewhere
        --debug              show where in zlens each error comes from
        --version            print the version and end
        -h, --help           print this and end

      exit codes: 0 done, 1 expectation or run-time failure, 2 usage, 65 syntax, name or type,
      66 data (a file that is broken or missing), 70 a bug of zlens, 130 interrupted
      """;

  private static final List<String> NAMES =
      List.of(
          "-c",
          "--command",
          "--format",
          "--progress",
          "--keep-going",
          "--init",
          "--no-init",
          "--port",
          "--offline",
          "--safe",
          "--debug",
          "--version",
          "-h",
          "--help");

  private static final Pattern ARGUMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=(?s).*");

  private static final List<String> FORMS = List.of("run", "replay", "demo", "explore", "study");

  private final List<String> commands = new ArrayList<>();
  private final List<String> words = new ArrayList<>();
  private String format;
  private boolean progress;
  private boolean keepGoing;
  private Path init;
  private boolean noInit;
  private String port;
  private boolean offline;
  private boolean safe;
  private boolean debug;
  private boolean version;
  private boolean help;

  private Options() {}

  /** What the arguments ask for; an error of kind usage if they make no sense. */
  static Options parse(String... arguments) {
    Options options = new Options();
    Deque<String> left = new ArrayDeque<>(List.of(arguments));
    while (!left.isEmpty()) {
      options.read(left.pop(), left);
    }
    options.check();
    return options;
  }

  private void read(String argument, Deque<String> left) {
    if (argument.startsWith("--") && argument.indexOf('=') > 0) {
      int equals = argument.indexOf('=');
      left.push(argument.substring(equals + 1));
      String name = argument.substring(0, equals);
      int before = left.size();
      read(name, left);
      if (left.size() == before) {
        throw usage("option " + Quoted.of(name) + " takes no value");
      }
      return;
    }
    switch (argument) {
      case "-c", "--command" -> commands.add(value(argument, "statements", left));
      case "--format" -> format = value(argument, "the name of a format", left);
      case "--progress" -> progress = true;
      case "--keep-going" -> keepGoing = true;
      case "--init" -> init = Path.of(value(argument, "a script", left));
      case "--no-init" -> noInit = true;
      case "--port" -> port = value(argument, "a number", left);
      case "--offline" -> offline = true;
      case "--safe" -> safe = true;
      case "--debug" -> debug = true;
      case "--version" -> version = true;
      case "-h", "--help" -> help = true;
      default -> word(argument);
    }
  }

  private void word(String argument) {
    if (argument.startsWith("-") && !argument.equals("-")) {
      throw new ZlensException(
          Kind.USAGE,
          "no option " + Quoted.of(argument),
          Suggestion.didYouMean(argument, NAMES, "'zlens --help' lists the options"));
    }
    words.add(argument);
  }

  private static String value(String option, String what, Deque<String> left) {
    if (left.isEmpty()) {
      throw usage("option '" + option + "' wants " + what + ", found nothing");
    }
    return left.pop();
  }

  private void check() {
    if (format != null && !OutputFormat.names().contains(format)) {
      throw usage(
          "no format "
              + Quoted.of(format)
              + "; expected one of "
              + String.join(", ", OutputFormat.names()));
    }
    if (init != null && noInit) {
      throw usage("expected either '--init' or '--no-init', found both");
    }
    if (port != null && !isExplore()) {
      throw usage("'--port' is for 'explore'");
    }
    if (words.isEmpty()) {
      return;
    }
    String first = words.get(0);
    if (!FORMS.contains(first)) {
      throw usage(
          "expected 'run FILE', 'replay FILE', 'study NAME', 'demo' or 'explore', found "
              + Quoted.of(first));
    }
    if (!commands.isEmpty()) {
      throw usage("expected either '-c' or '" + first + "', found both");
    }
    int wanted = first.equals("demo") || first.equals("explore") ? 1 : 2;
    if (words.size() > 2 && List.of("run", "study").contains(first)) {
      kotlinArguments();
      return;
    }
    if (words.size() != wanted) {
      throw usage(
          "'"
              + first
              + "' wants "
              + (wanted == 1 ? "nothing more" : first.equals("study") ? "a name" : "one file")
              + ", found "
              + (words.size() < wanted ? "none" : Quoted.of(words.get(words.size() - 1))));
    }
  }

  private static ZlensException usage(String message) {
    return new ZlensException(Kind.USAGE, message, "'zlens --help' shows what can be asked for");
  }

  /** The statements of all {@code -c} options, a line each; null without such an option. */
  String command() {
    return commands.isEmpty() ? null : String.join("\n", commands);
  }

  /** The script to run, or null. */
  String file() {
    return words.size() >= 2 && words.get(0).equals("run") ? words.get(1) : null;
  }

  /** The transcript to replay, or null. */
  String transcript() {
    return words.size() == 2 && words.get(0).equals("replay") ? words.get(1) : null;
  }

  /** The study to run, or null. */
  String study() {
    return words.size() >= 2 && words.get(0).equals("study") ? words.get(1) : null;
  }

  /** Each {@code NAME=VALUE} after a script or a study. */
  List<String> arguments() {
    return words.size() <= 2 ? List.of() : words.subList(2, words.size());
  }

  /** The same by name, for a Kotlin script. */
  Map<String, String> kotlinArguments() {
    Map<String, String> all = new LinkedHashMap<>();
    for (String word : arguments()) {
      if (!ARGUMENT.matcher(word).matches()) {
        throw usage("expected NAME=VALUE after the script, found " + Quoted.of(word));
      }
      int equals = word.indexOf('=');
      if (all.put(word.substring(0, equals), word.substring(equals + 1)) != null) {
        throw usage(Quoted.of(word.substring(0, equals)) + " is given twice");
      }
    }
    return all;
  }

  boolean isDemo() {
    return words.size() == 1 && words.get(0).equals("demo");
  }

  boolean isExplore() {
    return words.size() == 1 && words.get(0).equals("explore");
  }

  /** The statement that opens the page. */
  String explore() {
    if (port == null) {
      return "explore";
    } else if (!port.matches("[0-9]{1,5}")) {
      throw usage("option '--port' wants a number from 1 to 65535, found " + Quoted.of(port));
    }
    return "explore port " + port;
  }

  /** The format asked for, or null. */
  String format() {
    return format;
  }

  /** Whether progress is wanted also where nobody looks at a terminal. */
  boolean progress() {
    return progress;
  }

  boolean keepGoing() {
    return keepGoing;
  }

  /** The script to run first, or null. */
  Path init() {
    return init;
  }

  /** Whether a session may run the user's own init script. */
  boolean mayInit() {
    return !noInit;
  }

  /** Whether the network stays untouched. */
  boolean offline() {
    return offline;
  }

  /** Whether statements are refused that do more than look. */
  boolean safe() {
    return safe;
  }

  boolean debug() {
    return debug;
  }

  boolean version() {
    return version;
  }

  boolean help() {
    return help;
  }
}
