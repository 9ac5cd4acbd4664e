package org.zlens.engine.intervene;

import org.zlens.engine.hook.Activations;

/**
 * The places of a batch at which a rule is asked for new values.
 *
 * @param clean the clean pass, if the rule reads it
 */
record SitePlaces(Target target, Cells cells, Batch batch, Activations clean) {}
