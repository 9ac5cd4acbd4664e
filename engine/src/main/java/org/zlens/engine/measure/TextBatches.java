package org.zlens.engine.measure;

import java.util.Iterator;
import java.util.List;
import org.zlens.engine.intervene.Batch;

/** A text in batches of tokens, which can be read from its start as often as wanted. */
public interface TextBatches {
  /** The batches; each is made in the native scope that is open when it is asked for. */
  Iterator<Batch> batches();

  /** How many batches there are at most, for progress; 0 if that is not known. */
  int count();

  /** Batches that are there already. */
  static TextBatches of(List<Batch> batches) {
    List<Batch> all = List.copyOf(batches);
    return new TextBatches() {
      @Override
      public Iterator<Batch> batches() {
        return all.iterator();
      }

      @Override
      public int count() {
        return all.size();
      }
    };
  }
}
