/**
 * The language of the embedded model: a closed lexicon, kinds of document that each need a certain
 * behaviour, endless training rows, and prompts that measure what was learned.
 *
 * <p>To add a kind of document:
 *
 * <ol>
 *   <li>write a record that implements {@code Passage} and say in its comment which behaviour needs
 *       it;
 *   <li>put its words into {@link org.zlens.engine.data.sprig.Lexicon} and its sentences into
 *       {@code templates()}, so that the vocabulary gets them;
 *   <li>name it in {@link org.zlens.engine.data.sprig.PassageKind} and give it a share in {@link
 *       org.zlens.engine.data.sprig.Mix};
 *   <li>renew the tokenizer file with {@code mvn -pl engine test -Dtest=SprigVocabularyTest
 *       -Dzlens.rewrite=true}; a trained model fits only the file that it was trained with;
 *   <li>add prompts to {@link org.zlens.engine.data.sprig.SprigPrompts} that measure the behaviour.
 * </ol>
 */
package org.zlens.engine.data.sprig;
