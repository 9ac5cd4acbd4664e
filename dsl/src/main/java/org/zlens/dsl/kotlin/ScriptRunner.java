package org.zlens.dsl.kotlin;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.syntax.SourceText;

/** Runs Kotlin scripts; one that was run before by the same build needs no compiler. */
public final class ScriptRunner {
  /** How the name of a Kotlin script ends. */
  public static final String ENDING = ".zlens.kts";

  private final ScriptCache cache;

  /** With the user's cache of compiled scripts. */
  public ScriptRunner() {
    this(ScriptCache.ofUser(System::getenv));
  }

  ScriptRunner(ScriptCache cache) {
    this.cache = cache;
  }

  /** Whether a file is a Kotlin script, by its name. */
  public static boolean isScript(String name) {
    return name.endsWith(ENDING);
  }

  /**
   * Checks, compiles and runs a script. Throws {@link
   * org.zlens.dsl.diagnostic.DiagnosticException}, and nothing else, at the first failure, with a
   * place in the script; but a session with --safe refuses it with {@link
   * org.zlens.engine.ZlensException} before anything is compiled.
   *
   * @param arguments what the script reads as {@code args}
   */
  public void run(SourceText source, Map<String, String> arguments, Session session) {
    KotlinRun.refuseIfSafe(session);
    CommandLiterals.check(source, session.registry(), session.settings(), session.forecast());
    String fileName = Path.of(source.name()).getFileName().toString();
    Constructor<?> body = constructor(source, fileName);
    KotlinRun.within(
        new KotlinRun(session, Map.copyOf(arguments)),
        () -> {
          try {
            return body.newInstance();
          } catch (InvocationTargetException e) {
            throw RuntimeErrors.of(e.getCause(), source, fileName, session);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a compiled script cannot be started", e);
          }
        });
  }

  private Constructor<?> constructor(SourceText source, String fileName) {
    String key = BuildId.key(fileName, source.text());
    Optional<ScriptClasses> kept = cache.find(key);
    if (kept.isPresent()) {
      try {
        return constructor(kept.get());
      } catch (ReflectiveOperationException | LinkageError broken) {
        // What was kept does not fit after all; it is made anew.
      }
    }
    ScriptClasses compiled = ScriptCompiler.compile(source, fileName);
    cache.keep(key, compiled);
    try {
      return constructor(compiled);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a compiled script cannot be loaded", e);
    }
  }

  private static Constructor<?> constructor(ScriptClasses classes)
      throws ReflectiveOperationException {
    return Class.forName(classes.main(), true, classes.loader()).getConstructor();
  }
}
