package org.zlens.dsl.save;

/** What a file tells of a column before its cells. */
record ColumnHead(String name, CellType type) {}
