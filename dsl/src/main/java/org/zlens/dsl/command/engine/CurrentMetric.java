package org.zlens.dsl.command.engine;

import org.zlens.dsl.session.SessionObject;

/** The metric that the user chose. */
public record CurrentMetric(MetricChoice choice) implements SessionObject {}
