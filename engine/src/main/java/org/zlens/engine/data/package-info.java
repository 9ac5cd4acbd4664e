/**
 * Prompts, their named positions, and the data sets of the paper's experiments.
 *
 * <p>To add a data set:
 *
 * <ol>
 *   <li>write a class whose static {@code draw} method takes a tokenizer, a count and a seed, and
 *       draws everything from one {@link java.util.SplittableRandom};
 *   <li>give each {@link org.zlens.engine.data.Prompt} its labels, its answer pair and the tags
 *       that tables should group by;
 *   <li>let a word that must be one token pass through {@code Tokenizer.singleId}, which refuses it
 *       with its pieces;
 *   <li>check ids and labels against numbers from elsewhere, as {@code IoiTest} does.
 * </ol>
 */
package org.zlens.engine.data;
