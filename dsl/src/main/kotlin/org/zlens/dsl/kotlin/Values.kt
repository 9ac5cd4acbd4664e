package org.zlens.dsl.kotlin

import java.util.Collections
import java.util.WeakHashMap
import org.zlens.dsl.session.AddressValue
import org.zlens.dsl.session.ListValue
import org.zlens.dsl.session.NothingValue
import org.zlens.dsl.session.NumberValue
import org.zlens.dsl.session.TableValue
import org.zlens.dsl.session.TextValue
import org.zlens.dsl.session.TruthValue
import org.zlens.dsl.session.Value
import org.zlens.dsl.syntax.Address
import tech.tablesaw.api.Table

/** Values of the command language as Kotlin sees them, and the other way round. */
internal object Values {
  /** What a table of a command knows beside its cells. */
  private class About(val units: Map<String, String>, val notes: List<String>)

  private val about = Collections.synchronizedMap(WeakHashMap<Table, About>())

  /** A Tablesaw table, a Double, String, Boolean, address or list; other values as they are. */
  fun toKotlin(value: Value): Any? =
    when (value) {
      is TableValue -> toTable(value)
      is NumberValue -> value.value()
      is TextValue -> value.text()
      is TruthValue -> value.value()
      is AddressValue -> toAddress(value.address())
      is ListValue -> value.values().map(::toKotlin)
      is NothingValue -> null
      else -> value
    }

  /** The table itself; its units and notes come back when it is shown. */
  fun toTable(value: TableValue): Table {
    about[value.table()] = About(value.units(), value.notes())
    return value.table()
  }

  private fun toAddress(address: Address): AnyAddress =
    when (address) {
      is Address.Layer -> Layer(address.index())
      is Address.Head -> Head(address.`in`(), address.index())
      is Address.Feature -> Feature(address.`in`(), address.index())
      is Address.ResidualFeature -> ResidualFeature(address.`in`(), address.index())
      else -> Site(address.text())
    }

  /** The value that a command would see, or null if it is of no type of ours. */
  fun fromKotlin(any: Any?): Value? =
    when (any) {
      is Value -> any
      is Table -> fromTable(any)
      is Number -> NumberValue(any.toDouble())
      is Boolean -> TruthValue(any)
      is CharSequence -> TextValue(any.toString())
      is Char -> TextValue(any.toString())
      is AnyAddress -> AddressValue(any.address)
      is DoubleArray -> fromList(any.asList())
      is FloatArray -> fromList(any.asList())
      is IntArray -> fromList(any.asList())
      is LongArray -> fromList(any.asList())
      is Array<*> -> fromList(any.asList())
      is Together<*> -> fromList(any.all)
      is Collection<*> -> fromList(any)
      is IntRange -> fromList(any.toList())
      else -> null
    }

  private fun fromTable(table: Table): TableValue {
    val known = about[table]
    val units = known?.units.orEmpty().filterKeys { it in table.columnNames() }
    return TableValue(table, units, known?.notes.orEmpty())
  }

  private fun fromList(all: Collection<*>): ListValue? {
    val values = all.map { fromKotlin(it) ?: return null }
    return ListValue(values)
  }
}
