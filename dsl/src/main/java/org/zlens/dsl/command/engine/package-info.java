/**
 * How commands meet the engine: the session's current objects ({@link
 * org.zlens.dsl.command.engine.Slots}), what checks know of them before a run ({@link
 * org.zlens.dsl.command.engine.EngineFacts}), and what a verb works with while it runs ({@link
 * org.zlens.dsl.command.engine.Workbench}).
 */
package org.zlens.dsl.command.engine;
