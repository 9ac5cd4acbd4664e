package org.zlens.engine.data.corpus;

import java.util.Arrays;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.TextPlace;
import org.zlens.engine.data.TokenRows;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.tokenizer.Tokenizer;

/**
 * Documents as rows of tokens: each with a beginning-of-text token in front and cut off at a
 * length, joined until the rows are full; the first token of every row is then the
 * beginning-of-text token, and what is left of the last document is dropped (paper-spec B.1, token
 * stream).
 */
final class CorpusRows implements TokenRows {
  private final Corpus corpus;
  private final Tokenizer tokenizer;
  private final int longest;
  private final int length;
  private TextPlace place = TextPlace.START;
  private Documents open;

  CorpusRows(Corpus corpus, Tokenizer tokenizer, int longest, int length) {
    this.corpus = corpus;
    this.tokenizer = tokenizer;
    this.longest = longest;
    this.length = length;
  }

  @Override
  public int[][] next(int rows) {
    int[] tokens = new int[Math.multiplyExact(rows, length)];
    int at = 0;
    while (at < tokens.length) {
      String document = document();
      int[] ids = ids(document);
      int count = Math.min(ids.length, Math.min(longest, tokens.length - at));
      System.arraycopy(ids, 0, tokens, at, count);
      at += count;
    }
    int[][] result = new int[rows][];
    for (int row = 0; row < rows; row++) {
      result[row] = Arrays.copyOfRange(tokens, row * length, (row + 1) * length);
      if (tokenizer.prependsBos()) {
        result[row][0] = tokenizer.bosId();
      }
    }
    return result;
  }

  private int[] ids(String document) {
    try {
      int[] own = tokenizer.ids(document);
      // A document may bring its beginning-of-text token with it.
      boolean begun = own.length > 0 && tokenizer.hasBos() && own[0] == tokenizer.bosId();
      return tokenizer.encode(document, tokenizer.prependsBos() && !begun).ids();
    } catch (ZlensException e) {
      throw DataFault.in(
          corpus.files().get(place.file()).path(),
          "document " + place.document() + ": " + e.getMessage(),
          e.hint());
    }
  }

  private String document() {
    long pass = place.pass();
    boolean read = place.document() > 0 || place.file() > 0;
    while (true) {
      if (open == null) {
        open = skipped();
      }
      String document = open.next();
      if (document != null) {
        place = new TextPlace(place.pass(), place.file(), place.document() + 1);
        if (!document.isEmpty()) {
          return document;
        }
        continue;
      }
      close();
      boolean last = place.file() + 1 == corpus.files().size();
      place = new TextPlace(place.pass() + (last ? 1 : 0), last ? 0 : place.file() + 1, 0);
      if (place.pass() > pass + (read ? 1 : 0)) {
        throw new ZlensException(
            Kind.DATA, "there is no document in " + corpus.name(), "is the file empty?");
      }
    }
  }

  /** The documents of the place's file after those that were read before. */
  private Documents skipped() {
    Documents documents = corpus.files().get(place.file()).open(corpus.column());
    for (long i = 0; i < place.document(); i++) {
      if (documents.next() == null) {
        documents.close();
        throw DataFault.in(
            corpus.files().get(place.file()).path(),
            "has only " + i + " documents, but " + place.document() + " were read from it before");
      }
    }
    return documents;
  }

  private void close() {
    open.close();
    open = null;
  }

  @Override
  public TextPlace place() {
    return place;
  }

  @Override
  public void seek(TextPlace target) {
    if (target.file() < 0 || target.file() >= corpus.files().size() || target.document() < 0) {
      throw new ZlensException(Kind.DATA, "the text has no place " + target, null);
    }
    if (open != null) {
      close();
    }
    place = target;
  }
}
