package org.zlens.dsl.kotlin

import kotlin.script.experimental.api.ScriptAcceptedLocation
import kotlin.script.experimental.api.ScriptCompilationConfiguration
import kotlin.script.experimental.api.acceptedLocations
import kotlin.script.experimental.api.compilerOptions
import kotlin.script.experimental.api.defaultImports
import kotlin.script.experimental.api.ide
import kotlin.script.experimental.jvm.jvm
import kotlin.script.experimental.jvm.updateClasspath

/** How scripts are compiled: what they see without an import, and from which jars. */
object ScriptDefinition :
  ScriptCompilationConfiguration({
    defaultImports(
      "org.zlens.dsl.kotlin.*",
      "org.zlens.dsl.session.AddressValue",
      "org.zlens.dsl.session.ListValue",
      "org.zlens.dsl.session.NothingValue",
      "org.zlens.dsl.session.NumberValue",
      "org.zlens.dsl.session.PageValue",
      "org.zlens.dsl.session.PromptSetValue",
      "org.zlens.dsl.session.TableValue",
      "org.zlens.dsl.session.TensorValue",
      "org.zlens.dsl.session.TextValue",
      "org.zlens.dsl.session.TreeNode",
      "org.zlens.dsl.session.TreeValue",
      "org.zlens.dsl.session.TruthValue",
      "org.zlens.dsl.session.Value",
      "org.zlens.engine.ZlensException",
      "tech.tablesaw.api.*",
    )
    jvm { updateClasspath(ScriptClasspath.files()) }
    compilerOptions.append("-jvm-target", "17")
    ide { acceptedLocations(ScriptAcceptedLocation.Everywhere) }
  }) {
  private fun readResolve(): Any = ScriptDefinition
}
