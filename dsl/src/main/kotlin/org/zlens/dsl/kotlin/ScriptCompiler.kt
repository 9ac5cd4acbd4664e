package org.zlens.dsl.kotlin

import kotlin.script.experimental.api.ResultWithDiagnostics
import kotlin.script.experimental.host.StringScriptSource
import kotlin.script.experimental.jvm.defaultJvmScriptingHostConfiguration
import kotlin.script.experimental.jvm.impl.KJvmCompiledModuleInMemory
import kotlin.script.experimental.jvm.impl.KJvmCompiledScript
import kotlin.script.experimental.jvmhost.JvmScriptCompiler
import kotlin.script.experimental.jvmhost.createJvmCompilationConfigurationFromTemplate
import org.zlens.dsl.syntax.SourceText

/** Compiles script files. The first call loads the compiler, which takes seconds. */
internal object ScriptCompiler {
  /** The classes of a script; the first error as a diagnostic in the script's own lines. */
  @JvmStatic
  fun compile(source: SourceText, fileName: String): ScriptClasses {
    val host = defaultJvmScriptingHostConfiguration
    val configuration = createJvmCompilationConfigurationFromTemplate<ZlensScript>(host)
    val text = StringScriptSource(source.text(), fileName)
    return when (val result = atOnce { JvmScriptCompiler(host)(text, configuration) }) {
      is ResultWithDiagnostics.Failure -> throw CompileErrors.of(result.reports, source, 0)
      is ResultWithDiagnostics.Success -> classes(result.value as KJvmCompiledScript)
    }
  }

  private fun classes(script: KJvmCompiledScript): ScriptClasses {
    val module = script.getCompiledModule() as KJvmCompiledModuleInMemory
    val files =
      module.compilerOutputFiles
        .filterKeys { it.endsWith(".class") }
        .mapKeys { it.key.removeSuffix(".class").replace('/', '.') }
        .mapValues { LoopCheckpoints.into(it.value) }
    return ScriptClasses(script.scriptClassFQName, files)
  }
}
