package org.zlens.dsl.kotlin

import org.jetbrains.org.objectweb.asm.ClassReader
import org.jetbrains.org.objectweb.asm.ClassVisitor
import org.jetbrains.org.objectweb.asm.ClassWriter
import org.jetbrains.org.objectweb.asm.Label
import org.jetbrains.org.objectweb.asm.MethodVisitor
import org.jetbrains.org.objectweb.asm.Opcodes

/**
 * Puts a call of [Checkpoint.pass] before every jump back, so that Ctrl-C ends loops that call no
 * command. A JVM thread cannot be stopped from outside.
 */
internal object LoopCheckpoints {
  private const val API = Opcodes.ASM9
  private const val CHECKPOINT = "org/zlens/dsl/kotlin/Checkpoint"

  fun into(classFile: ByteArray): ByteArray {
    val reader = ClassReader(classFile)
    val writer = ClassWriter(reader, 0)
    reader.accept(
      object : ClassVisitor(API, writer) {
        override fun visitMethod(
          access: Int,
          name: String,
          descriptor: String,
          signature: String?,
          exceptions: Array<out String>?,
        ): MethodVisitor = Jumps(super.visitMethod(access, name, descriptor, signature, exceptions))
      },
      0,
    )
    return writer.toByteArray()
  }

  private class Jumps(next: MethodVisitor) : MethodVisitor(API, next) {
    private val seen = HashSet<Label>()

    override fun visitLabel(label: Label) {
      seen += label
      super.visitLabel(label)
    }

    override fun visitJumpInsn(opcode: Int, label: Label) {
      if (label in seen) {
        super.visitMethodInsn(Opcodes.INVOKESTATIC, CHECKPOINT, "pass", "()V", false)
      }
      super.visitJumpInsn(opcode, label)
    }
  }
}
