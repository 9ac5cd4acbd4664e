package org.zlens.dsl.command.engine;

import java.util.List;
import java.util.Optional;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.SessionObject;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.TokenRows;
import org.zlens.engine.data.corpus.Corpus;
import org.zlens.engine.data.sprig.Mix;
import org.zlens.engine.data.sprig.SprigRows;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelLoader;

/**
 * The text that SAEs are trained and measured on: files, or what sprig's generator writes.
 *
 * @param files empty for sprig's own text
 * @param seed of sprig's own text
 * @param digest of the files when they were named, or the name of text that no file holds
 */
public record CurrentCorpus(Optional<Corpus> files, long seed, String digest)
    implements SessionObject {
  /** Where the text starts that the embedded SAEs were trained on. */
  public static final long SPRIG_SEED = 1_234;

  /** Text in files. */
  public static CurrentCorpus of(Corpus corpus) {
    return new CurrentCorpus(Optional.of(corpus), 0, corpus.fingerprint());
  }

  /** The text of sprig's generator. */
  public static CurrentCorpus sprig(long seed) {
    return new CurrentCorpus(Optional.empty(), seed, sprigName(seed));
  }

  /** What it is called in notes and files. */
  public String name() {
    return files.map(Corpus::name).orElse(digest);
  }

  private static String sprigName(long seed) {
    return "sprig's own text, seed " + seed;
  }

  /** The digest of the files as they are now, or the name of text that no file holds. */
  public String fingerprint() {
    return files.map(Corpus::fingerprint).orElse(name());
  }

  /**
   * Its tokens for a model, in rows.
   *
   * @throws ZlensException of kind TYPE for sprig's text and another model
   */
  public TokenRows rows(LanguageModel model, int length) {
    if (files.isPresent()) {
      return files.get().rows(model.tokenizer(), model.config().context(), length);
    }
    if (!model.name().equals(ModelLoader.SPRIG)) {
      throw new ZlensException(
          Kind.TYPE, "sprig's own text has tokens that only sprig knows", "model sprig");
    }
    return SprigRows.of(seed, Mix.standard()).from(length, 0);
  }

  @Override
  public List<ProvenanceInput> inputs() {
    return List.of(new ProvenanceInput("corpus", name(), digest));
  }
}
