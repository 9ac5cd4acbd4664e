/**
 * Transformers: the forward pass, written once, and what it is configured by.
 *
 * <p>{@link org.zlens.engine.model.Transformer} runs every family of models; what differs is data:
 * sizes, norm and activation in {@link org.zlens.engine.model.ModelConfig}, and the rest
 * (positions, the MLP's kind, blocks side by side, norms after attention and MLP, caps, how far
 * attention sees) in {@link org.zlens.engine.model.Architecture}. Absent biases are zeros. Whoever
 * needs the algebra of a norm takes it from {@link org.zlens.engine.model.Norm}, that of queries
 * and keys from {@link org.zlens.engine.model.Scores}, so that attribution and the pass cannot
 * disagree.
 *
 * <p>A new family is a loader and a name map:
 *
 * <ol>
 *   <li>Write a {@link org.zlens.engine.model.ModelFormat} in a package of its own beside {@code
 *       llama}: {@code config} takes sizes and kinds from {@code config.json} ({@link
 *       org.zlens.engine.model.ConfigKeys} and {@link org.zlens.engine.model.RotaryKeys} have what
 *       families share), takes a missing key for what Hugging Face's library takes it for, and
 *       refuses what it does not know; {@code head} names the tensor of logits; {@code embedding},
 *       {@code block} and {@code unembedding} read tensors by their stored names through {@link
 *       org.zlens.engine.model.StoredWeights}, which checks shapes, and lay them out as {@link
 *       org.zlens.engine.model.BlockWeights} says. They are called twice: when a model is opened,
 *       for names and shapes alone, and when a part is first needed.
 *   <li>Name it in {@code ModelFormats} by its {@code model_type}.
 *   <li>Where the family does what none did before, add it to {@code Architecture} as data, to the
 *       pass, and to the plain pass of the tests ({@code PlainTransformer}); a new hook site goes
 *       into {@link org.zlens.engine.hook.Site} under TransformerLens's name.
 *   <li>Compare a tiny model with what Hugging Face's library gives, hook by hook, to 1e-4, with
 *       weights as stored and processed; draw its kind in the random models of the tests, which
 *       planner and attributions are checked on.
 * </ol>
 */
package org.zlens.engine.model;
