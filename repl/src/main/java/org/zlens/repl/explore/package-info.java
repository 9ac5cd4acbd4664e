/**
 * The face of a session in a browser: a page that listens on this machine alone.
 *
 * <p>{@link org.zlens.repl.explore.PageServer} is all that knows HTTP. A click becomes a statement
 * that is run as if it were typed ({@link org.zlens.repl.explore.PageCommands}); whatever is run,
 * wherever it was asked for, becomes events ({@link org.zlens.repl.explore.SessionEvents}) that
 * every window of the page gets ({@link org.zlens.repl.explore.Journal}), so that all windows show
 * the same. The page itself is plain JavaScript among the resources of this package:
 *
 * <ul>
 *   <li>{@code session.js} makes what is shown of the events,
 *   <li>{@code commands.js} makes statements of clicks,
 *   <li>{@code graph.js}, {@code layout.js} and {@code picture.js} draw the graph, here and in a
 *       saved file.
 * </ul>
 */
package org.zlens.repl.explore;
