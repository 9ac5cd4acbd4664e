/**
 * Text to token ids and back: {@link org.zlens.engine.tokenizer.Tokenizer} over any Hugging Face
 * tokenizer file, and the byte-level spelling of GPT-2 for what must work without native code.
 */
package org.zlens.engine.tokenizer;
