package org.zlens.dsl.session;

import org.zlens.engine.attribute.QkReason;
import org.zlens.engine.attribute.graph.GraphText;

/**
 * Why a head looked where it did in one prompt, beside the table that tells it.
 *
 * @param reason the score and its largest pairs
 * @param text what prompt it is of, without how it came to be
 */
public record AttentionScore(QkReason reason, GraphText text) {}
