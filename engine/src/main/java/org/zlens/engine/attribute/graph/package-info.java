/**
 * Attributions as graphs: numbers of one pass as nodes, and what each adds to another as edges.
 *
 * <p>A tree names a number as often as it is met; a graph has it once ({@link
 * org.zlens.engine.attribute.graph.GraphNode} says which number it is). Whatever finds edges makes
 * an {@link org.zlens.engine.attribute.graph.AttributionGraph} of them, and whatever weighs, prunes
 * or writes graphs takes one.
 */
package org.zlens.engine.attribute.graph;
