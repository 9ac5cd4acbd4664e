package org.zlens.dsl.kotlin

import java.io.File

/** The jars that a script may use: ours, Kotlin's and those whose types Tablesaw shows. */
object ScriptClasspath {
  private val OF_CLASSES =
    listOf(
      "org.zlens.dsl.kotlin.ZlensScript",
      "org.zlens.engine.ZlensException",
      "kotlin.Unit",
      "kotlin.script.templates.standard.ScriptTemplateWithArgs",
      "kotlin.script.experimental.annotations.KotlinScript",
      "org.jetbrains.annotations.NotNull",
      "tech.tablesaw.api.Table",
      "it.unimi.dsi.fastutil.doubles.DoubleArrayList",
      "org.roaringbitmap.RoaringBitmap",
      "org.apache.commons.math3.stat.StatUtils",
      "org.apache.commons.statistics.distribution.NormalDistribution",
      "org.apache.commons.rng.UniformRandomProvider",
    )

  fun files(): List<File> = OF_CLASSES.mapNotNull(::jarOf).distinct()

  private fun jarOf(name: String): File? =
    try {
      val type = Class.forName(name, false, ScriptClasspath::class.java.classLoader)
      type.protectionDomain.codeSource?.location?.let { File(it.toURI()) }
    } catch (e: ClassNotFoundException) {
      null
    }
}
