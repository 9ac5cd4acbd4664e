package org.zlens.engine.intervene;

import org.zlens.engine.hook.Location;

/**
 * What an intervention changes by itself: the values at some places of a location. Whatever else
 * differs in its pass follows from them.
 */
public record Touch(Location location, Where where) {}
