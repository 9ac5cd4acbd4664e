package org.zlens.dsl.kotlin

import kotlin.script.experimental.api.ResultValue
import kotlin.script.experimental.api.ResultWithDiagnostics
import kotlin.script.experimental.api.ScriptDiagnostic
import kotlin.script.experimental.api.ScriptEvaluationConfiguration
import kotlin.script.experimental.api.repl
import kotlin.script.experimental.host.ScriptingHostConfiguration
import kotlin.script.experimental.host.StringScriptSource
import kotlin.script.experimental.jvm.baseClassLoader
import kotlin.script.experimental.jvm.defaultJvmScriptingHostConfiguration
import kotlin.script.experimental.jvm.impl.KJvmCompiledModuleInMemory
import kotlin.script.experimental.jvm.impl.KJvmCompiledScript
import kotlin.script.experimental.jvm.jvm
import kotlin.script.experimental.jvmhost.createJvmCompilationConfigurationFromTemplate
import org.jetbrains.kotlin.com.intellij.openapi.util.Disposer
import org.jetbrains.kotlin.scripting.compiler.plugin.impl.K2ReplCompiler
import org.jetbrains.kotlin.scripting.compiler.plugin.impl.K2ReplEvaluator
import org.jetbrains.kotlin.scripting.compiler.plugin.impl.ScriptDiagnosticsMessageCollector
import org.jetbrains.kotlin.scripting.compiler.plugin.services.firReplHistoryProvider
import org.jetbrains.kotlin.scripting.compiler.plugin.services.isReplSnippetSource

/**
 * Compiles and runs line after line, each of which sees those before it. Only this class and its
 * history know the inside of the Kotlin compiler, which changes from release to release.
 *
 * The compiler of 2.3 calls some broken lines a success and keeps the names of failed ones; both
 * are put right here.
 */
internal class SnippetCompiler : AutoCloseable {
  private val disposable = Disposer.newDisposable("zlens")
  private val messages = ScriptDiagnosticsMessageCollector(null)
  private val history = SnippetHistory()
  private val host =
    ScriptingHostConfiguration(defaultJvmScriptingHostConfiguration) {
      repl {
        firReplHistoryProvider(history)
        isReplSnippetSource { _, _ -> true }
      }
    }
  private val state =
    K2ReplCompiler.createCompilationState(
      messages,
      disposable,
      createJvmCompilationConfigurationFromTemplate<ZlensScript>(host),
      host,
    )
  private val compiler = K2ReplCompiler(state)
  private val evaluator = K2ReplEvaluator()
  private val evaluation = ScriptEvaluationConfiguration {
    jvm { baseClassLoader(SnippetCompiler::class.java.classLoader) }
  }

  /** What came of a line. */
  sealed interface Outcome {
    /** It does not compile. */
    class Refused(val reports: List<ScriptDiagnostic>) : Outcome

    /** It ran, to a value, to nothing, or to an error. */
    class Ran(val result: ResultValue) : Outcome
  }

  /**
   * Compiles a line and runs it; a line that fails leaves no name behind. The compiler's state is
   * for one line at a time, so that the first waits until [warm] is done.
   */
  @Synchronized
  fun run(text: String, fileName: String): Outcome {
    val before = history.getSnippetCount()
    val last = state.lastCompiledSnippet
    messages.clear()
    val compiled =
      try {
        atOnce { compiler.compile(StringScriptSource(text, fileName)) }
      } catch (e: RuntimeException) {
        ResultWithDiagnostics.Failure(ScriptDiagnostic(1, e.toString(), exception = e))
      }
    val errors = messages.diagnostics.filter { it.severity >= ScriptDiagnostic.Severity.ERROR }
    if (errors.isNotEmpty() || compiled is ResultWithDiagnostics.Failure) {
      history.truncate(before)
      state.lastCompiledSnippet = last
      return Outcome.Refused(errors.ifEmpty { compiled.reports })
    }
    val snippet = (compiled as ResultWithDiagnostics.Success).value
    addCheckpoints(snippet.get() as KJvmCompiledScript)
    val result =
      when (val ran = atOnce { evaluator.eval(snippet, evaluation) }) {
        is ResultWithDiagnostics.Success -> ran.value.get().result
        is ResultWithDiagnostics.Failure -> {
          history.truncate(before)
          state.lastCompiledSnippet = last
          return Outcome.Refused(ran.reports)
        }
      }
    if (result is ResultValue.Error) {
      history.truncate(before)
      state.lastCompiledSnippet = last
    }
    return Outcome.Ran(result)
  }

  /** Compiles something and forgets it, so that the next line finds a warm compiler. */
  fun warm() {
    run("listOf(1, 2).map { it + 1 }.sum()", "Warm.zlens.kts")
  }

  private fun addCheckpoints(script: KJvmCompiledScript) {
    val module = script.getCompiledModule() as? KJvmCompiledModuleInMemory ?: return
    @Suppress("UNCHECKED_CAST")
    val files = module.compilerOutputFiles as MutableMap<String, ByteArray>
    files.replaceAll { name, file ->
      if (name.endsWith(".class")) LoopCheckpoints.into(file) else file
    }
  }

  override fun close() {
    Disposer.dispose(disposable)
  }
}
