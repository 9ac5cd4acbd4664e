/**
 * Pages of features: what a text and the weights tell of all features of an SAE.
 *
 * <p>A text is read once for all features ({@link org.zlens.engine.dashboard.DashboardPass}), which
 * fills {@link org.zlens.engine.dashboard.FeatureStatistics}; whatever follows from the weights
 * alone is worked out beside it. Both meet in a {@link org.zlens.engine.dashboard.FeatureCard},
 * which {@code engine.report} writes as a page.
 *
 * <p>To add something to the pages that a text tells: (1) keep it in {@code FeatureStatistics} so
 * that parts of a text merge to the whole, in the same memory however long the text is; (2) write
 * and read it in {@code StatisticsFile}; (3) put it on the card; (4) test the merging with the law
 * of {@code FeatureStatisticsTest}, and the numbers against {@code PlainStatistics}, which looks at
 * one feature at a time.
 */
package org.zlens.engine.dashboard;
