package org.zlens.dsl.command;

/** Something that could be typed at a place, with what it means. */
public record Candidate(String text, String summary) {}
