package org.zlens.engine.data;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/** Other names in the three places of an indirect-object sentence, to make a corrupted prompt. */
public enum IoiChange {
  /** The sentence as it is. */
  NONE("ioi") {
    @Override
    IoiSentence of(IoiSentence sentence, List<String> names, SplittableRandom random) {
      return sentence;
    }
  },
  /** Both names are other ones, ABB to CDD and BAB to DCD (section D-IOI, flipped prompts). */
  FLIPPED("ioi flipped") {
    @Override
    IoiSentence of(IoiSentence sentence, List<String> names, SplittableRandom random) {
      String[] other = outsiders(sentence, names, 2, random);
      return sentence.withNames(other[0], other[1], other[1]);
    }
  },
  /** The two names change places, ABB to BAA and BAB to ABA. */
  SWAPPED("ioi swapped") {
    @Override
    IoiSentence of(IoiSentence sentence, List<String> names, SplittableRandom random) {
      return sentence.withNames(sentence.s(), sentence.io(), sentence.io());
    }
  },
  /** Three different other names, ABB and BAB to XYZ (section D-IOI, ABC). */
  THREE_NAMES("ioi abc") {
    @Override
    IoiSentence of(IoiSentence sentence, List<String> names, SplittableRandom random) {
      String[] other = outsiders(sentence, names, 3, random);
      return sentence.withNames(other[0], other[1], other[2]);
    }
  };

  private final String setName;

  IoiChange(String setName) {
    this.setName = setName;
  }

  /** What a set of such prompts is called. */
  public String setName() {
    return setName;
  }

  /** The changed sentence. */
  abstract IoiSentence of(IoiSentence sentence, List<String> names, SplittableRandom random);

  private static String[] outsiders(
      IoiSentence sentence, List<String> names, int count, SplittableRandom random) {
    List<String> left = new ArrayList<>(names);
    left.remove(sentence.io());
    left.remove(sentence.s());
    if (left.size() < count) {
      throw new ZlensException(
          Kind.DATA, "too few names to replace those of an indirect-object prompt", null);
    }
    String[] chosen = new String[count];
    for (int n = 0; n < count; n++) {
      chosen[n] = left.remove(random.nextInt(left.size()));
    }
    return chosen;
  }
}
