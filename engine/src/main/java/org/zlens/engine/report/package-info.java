/**
 * Results as pages: HTML files that open offline, ask nothing of any server and run no script but
 * their own.
 *
 * <p>To add a picture: (1) give {@link org.zlens.engine.report.Plot} a form for its numbers; (2)
 * write its traces in {@link org.zlens.engine.report.Figure}; (3) look at it in a browser. Texts
 * come from models and files, so each goes through the escapes of its place: {@link
 * org.zlens.engine.report.Html} in the page, {@code Figure.label} inside the picture.
 */
package org.zlens.engine.report;
