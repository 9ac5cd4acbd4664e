package org.zlens.dsl.session;

/**
 * Something that results depend on.
 *
 * @param role what it is to the session: "model", "prompts", "variable"
 * @param name what the user calls it
 * @param hash a digest of its content; of a variable, its value
 */
public record ProvenanceInput(String role, String name, String hash) {}
