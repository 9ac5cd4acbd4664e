package org.zlens.dsl.kotlin

val L0
  get() = Layer(0)

val L1
  get() = Layer(1)

val L2
  get() = Layer(2)

val L3
  get() = Layer(3)

val L4
  get() = Layer(4)

val L5
  get() = Layer(5)

val L6
  get() = Layer(6)

val L7
  get() = Layer(7)

val L8
  get() = Layer(8)

val L9
  get() = Layer(9)

val L10
  get() = Layer(10)

val L11
  get() = Layer(11)

val L12
  get() = Layer(12)

val L13
  get() = Layer(13)

val L14
  get() = Layer(14)

val L15
  get() = Layer(15)

val L16
  get() = Layer(16)

val L17
  get() = Layer(17)

val L18
  get() = Layer(18)

val L19
  get() = Layer(19)

val L20
  get() = Layer(20)

val L21
  get() = Layer(21)

val L22
  get() = Layer(22)

val L23
  get() = Layer(23)

val L24
  get() = Layer(24)

val L25
  get() = Layer(25)

val L26
  get() = Layer(26)

val L27
  get() = Layer(27)

val L28
  get() = Layer(28)

val L29
  get() = Layer(29)

val L30
  get() = Layer(30)

val L31
  get() = Layer(31)

val L32
  get() = Layer(32)

val L33
  get() = Layer(33)

val L34
  get() = Layer(34)

val L35
  get() = Layer(35)

val L36
  get() = Layer(36)

val L37
  get() = Layer(37)

val L38
  get() = Layer(38)

val L39
  get() = Layer(39)

val L40
  get() = Layer(40)

val L41
  get() = Layer(41)

val L42
  get() = Layer(42)

val L43
  get() = Layer(43)

val L44
  get() = Layer(44)

val L45
  get() = Layer(45)

val L46
  get() = Layer(46)

val L47
  get() = Layer(47)
