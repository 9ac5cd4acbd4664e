/**
 * Changing a run and measuring what follows.
 *
 * <p>An {@link org.zlens.engine.intervene.Intervention} says what to change, a {@link
 * org.zlens.engine.intervene.Where} at which positions of which prompts, a {@link
 * org.zlens.engine.intervene.Metric} what to read, and an {@link
 * org.zlens.engine.intervene.Experiment} runs the clean and the changed pass.
 *
 * <p>To add an intervention: (1) write a record that implements {@code Intervention} and add it to
 * the permitted types; (2) turn it into {@link org.zlens.engine.hook.Edit} values that must change
 * something where it promises to act; (3) add a test against a slow reference.
 */
package org.zlens.engine.intervene;
