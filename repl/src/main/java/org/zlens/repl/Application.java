package org.zlens.repl;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jline.terminal.Terminal;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.kotlin.ScriptRunner;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Span;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.repl.output.ErrorPrinter;
import org.zlens.repl.output.Output;
import org.zlens.repl.output.Progress;
import org.zlens.repl.output.ReaderGoneException;
import org.zlens.repl.output.TextSink;
import org.zlens.repl.terminal.PagerProgram;
import org.zlens.repl.terminal.Repl;
import org.zlens.repl.terminal.ReplOptions;
import org.zlens.repl.terminal.SystemTerminal;

/** One run of the program: reads the command line, runs what it asks for, gives the exit code. */
public final class Application {
  private static final String DEMO = "examples/ioi-positional-features/recipe.zl";

  private final Streams streams;
  private final TextSink out;
  private final TextSink err;
  private final Registry registry;

  public Application(Streams streams) {
    this(streams, new Registry(BuiltinCommands.all()));
  }

  Application(Streams streams, Registry registry) {
    this.registry = registry;
    this.streams = streams;
    this.out = new TextSink(streams.out());
    this.err = new TextSink(streams.err());
  }

  /** Runs with the arguments of a process and returns its exit code. */
  public int run(String... arguments) {
    ErrorPrinter errors = new ErrorPrinter(err, streams.errIsTerminal() && streams.color(), false);
    try {
      Options options = Options.parse(arguments);
      errors = new ErrorPrinter(err, streams.errIsTerminal() && streams.color(), options.debug());
      if (options.help()) {
        out.write(Options.HELP);
        return 0;
      }
      if (options.version()) {
        out.write("zlens " + version() + "\n");
        return 0;
      }
      return run(options, errors);
    } catch (DiagnosticException e) {
      if (e.diagnostic().cause() instanceof ReaderGoneException) {
        return 0;
      }
      errors.print(e.diagnostic());
      return e.diagnostic().exitCode();
    } catch (ZlensException e) {
      errors.print(new Diagnostic(e.kind(), e.getMessage(), null, null, e.hint(), e));
      return e.kind().exitCode();
    } catch (ReaderGoneException e) {
      return 0;
    } catch (RuntimeException | StackOverflowError e) {
      errors.print(
          new Diagnostic(
              Kind.BUG,
              "a bug of zlens: " + e,
              null,
              null,
              "please report it with the lines below",
              e));
      return Kind.BUG.exitCode();
    }
  }

  private int run(Options options, ErrorPrinter errors) {
    boolean batch =
        options.command() != null
            || options.file() != null
            || options.transcript() != null
            || options.study() != null
            || options.isDemo();
    if (!batch && streams.inIsTerminal()) {
      return session(options);
    }
    if (options.isExplore()) {
      return new PageSession(registry, out, errors).run(options);
    }
    Output output =
        new Output(
            out,
            err,
            progress(options),
            () -> streams.outIsTerminal() ? streams.width() : 0,
            streams.outIsTerminal() && streams.color());
    if (options.study() != null) {
      return study(options, output, errors);
    }
    SourceText source = source(options);
    try (Session session = new Session(registry, output)) {
      setUp(session, output, options);
      // What a replay may do, its own session knows.
      if (options.safe() && options.transcript() == null) {
        session.files().makeSafe();
      }
      Batch run = new Batch(session, errors);
      if (options.init() != null) {
        run.run(SourceText.read(options.init(), options.init().toString()), List.of());
      }
      if (options.file() != null && ScriptRunner.isScript(options.file())) {
        return run.runKotlin(options.file(), options.kotlinArguments());
      }
      return options.keepGoing()
          ? run.runEach(source, options.arguments())
          : run.run(source, options.arguments());
    }
  }

  private int study(Options options, Output output, ErrorPrinter errors) {
    if (options.safe()) {
      throw new ZlensException(
          Kind.USAGE,
          "a study writes its report, which --safe refuses",
          "run it without --safe, or its recipe: zlens run examples/NAME/recipe.zl");
    }
    Path examples = Path.of(System.getProperty("zlens.home", "")).resolve("examples");
    return new StudyProgram(registry, examples, Path.of(""), errors)
        .run(
            options.study(),
            options.arguments(),
            output,
            session -> setUp(session, output, options));
  }

  private static void setUp(Session session, Output output, Options options) {
    output.follow(session.settings());
    if (options.format() != null) {
      session.settings().set(Settings.FORMAT, options.format());
    }
    if (options.offline()) {
      session.files().stayOffline();
    }
  }

  private int session(Options options) {
    ReplOptions chosen =
        new ReplOptions(
            options.format(),
            initScript(options),
            options.safe() ? null : UserFiles.history(System::getenv),
            streams.color(),
            options.debug(),
            streams.outIsTerminal() ? PagerProgram.of(System::getenv) : "");
    try (Terminal terminal = SystemTerminal.open()) {
      Repl repl = new Repl(terminal, registry, chosen, Runtime.getRuntime()::halt);
      if (options.offline()) {
        repl.stayOffline();
      }
      if (options.safe()) {
        repl.makeSafe();
      }
      if (options.isExplore()) {
        repl.begin(options.explore());
      }
      return repl.run();
    } catch (IOException e) {
      throw new ZlensException(Kind.RUNTIME, "no terminal: " + e.getMessage(), null, e);
    }
  }

  private Progress progress(Options options) {
    if (streams.errIsTerminal() && streams.color()) {
      return Progress.bar(err::write, streams::width);
    }
    return options.progress() ? Progress.lines(err::write) : Progress.none();
  }

  private SourceText source(Options options) {
    if (options.command() != null) {
      return new SourceText("-c", options.command());
    }
    if (options.transcript() != null) {
      String file = Printer.print(new Expression.Text(new Span(0, 0), options.transcript()));
      return new SourceText("replay", "replay " + file + (options.safe() ? " safe" : ""));
    }
    if (options.isDemo()) {
      Path recipe = Path.of(System.getProperty("zlens.home", "")).resolve(DEMO);
      return SourceText.read(recipe, DEMO);
    }
    if (options.file() != null) {
      return SourceText.read(Path.of(options.file()), options.file());
    }
    return standardInput();
  }

  private SourceText standardInput() {
    try {
      byte[] bytes = streams.in().readAllBytes();
      return new SourceText(
          "stdin", StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new ZlensException(Kind.DATA, "standard input is not UTF-8 text", null, e);
    } catch (IOException e) {
      throw new ZlensException(Kind.DATA, "cannot read standard input: " + e.getMessage(), null, e);
    }
  }

  private static Path initScript(Options options) {
    return options.init() != null ? options.init() : options.mayInit() ? UserFiles.init() : null;
  }

  /** The version of this program; a name of its own where it does not come from its jar. */
  public static String version() {
    String version = Application.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
