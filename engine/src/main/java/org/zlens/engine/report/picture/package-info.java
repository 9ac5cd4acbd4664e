/**
 * Pages as picture files for papers, drawn by a browser that is installed, so that a file looks as
 * the page does: {@link org.zlens.engine.report.picture.BrowserProgram} finds one, {@link
 * org.zlens.engine.report.picture.Browser} runs it without a window, and {@link
 * org.zlens.engine.report.picture.Picture} has it draw.
 */
package org.zlens.engine.report.picture;
