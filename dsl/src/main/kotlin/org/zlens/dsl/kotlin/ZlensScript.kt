package org.zlens.dsl.kotlin

import kotlin.script.experimental.annotations.KotlinScript

/** What every `*.zlens.kts` file is, to the compiler and to editors. */
@KotlinScript(
  displayName = "zlens script",
  fileExtension = "zlens.kts",
  compilationConfiguration = ScriptDefinition::class,
)
abstract class ZlensScript
