package org.zlens.engine.intervene;

import org.zlens.engine.sae.Sae;

/** A feature of an SAE at some places. */
public record FeatureAt(Sae sae, int feature, Where where) {}
