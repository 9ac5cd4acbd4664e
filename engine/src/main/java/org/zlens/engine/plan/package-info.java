/**
 * The least work for interventions that are tried on prompts: from which point of a pass they make
 * a difference, at which positions, what a metric reads of it, and which of them share a pass.
 *
 * <p>{@link org.zlens.engine.plan.Planner} derives a {@link org.zlens.engine.plan.Plan} from what
 * interventions touch and metrics read, before anything runs. {@link
 * org.zlens.engine.plan.PlannedSweep} follows it.
 */
package org.zlens.engine.plan;
