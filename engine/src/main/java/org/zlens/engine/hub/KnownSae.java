package org.zlens.engine.hub;

import org.zlens.engine.hook.Location;

/**
 * One SAE of a release.
 *
 * @param at the site that it reads
 * @param path its file or folder in the repository
 * @param features how many it has
 * @param l0 how many are active at a time, as published; NaN where nobody says
 */
public record KnownSae(Location at, String path, int features, double l0) {}
