package org.zlens.engine.measure;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.data.sprig.SprigPrompts;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.measure.HeadScore.Look;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** What the embedded model has learned, each behaviour by a number on text that it never saw. */
public final class SprigMeasures {
  private static final int PROMPTS = 400;
  private static final int WORDS = 25;
  private static final long SEED = 20_240_625;

  private final LanguageModel model;
  private final SprigPrompts prompts;

  private SprigMeasures(LanguageModel model) {
    this.model = model;
    this.prompts = new SprigPrompts(model.tokenizer());
  }

  /**
   * A figure of the model's card.
   *
   * @param name what is measured
   * @param value its value
   * @param how on what, and by which head where there is one
   */
  public record Figure(String name, double value, String how) {}

  /** Measures everything; the same model gives the same figures. */
  public static List<Figure> of(LanguageModel model) {
    return new SprigMeasures(model).all();
  }

  private List<Figure> all() {
    List<Figure> figures = new ArrayList<>();
    PromptSet heldOut = prompts.heldOutIoi(PROMPTS, SEED).prompts();
    String where = PROMPTS + " prompts, name pairs and templates never trained on";
    double[] differences = differences(heldOut);
    figures.add(new Figure("IOI accuracy", accuracy(differences), where));
    figures.add(new Figure("IOI mean logit difference", mean(differences), where));
    repeats(figures);
    duplicates(figures, heldOut);
    answers(figures, "successor accuracy", prompts.successions(PROMPTS, SEED));
    answers(figures, "long-prefix accuracy", prompts.longPrefixes(PROMPTS, SEED));
    answers(figures, "pronoun accuracy", prompts.pronouns(PROMPTS, SEED));
    answers(figures, "question accuracy", prompts.questions(PROMPTS, SEED));
    answers(figures, "topic accuracy", prompts.topics(PROMPTS, SEED));
    return figures;
  }

  private void repeats(List<Figure> figures) {
    PromptSet repeats = prompts.repeatedWords(100, WORDS, SEED);
    List<Look> induction = new ArrayList<>();
    List<Look> previous = new ArrayList<>();
    for (int row = 0; row < repeats.size(); row++) {
      // The second copy begins at 1 + WORDS; its word i was first followed by the word at i + 2.
      for (int i = 0; i < WORDS - 1; i++) {
        induction.add(new Look(row, 1 + WORDS + i, i + 2));
        previous.add(new Look(row, 1 + WORDS + i, WORDS + i));
      }
    }
    figures.add(
        head(
            "induction head, mean score",
            HeadScore.best(model, repeats, induction),
            WORDS + " random words of no template, twice"));
    figures.add(
        head(
            "previous-token head, mean score",
            HeadScore.best(model, repeats, previous),
            "the same texts"));
    answers(figures, "repeat accuracy", repeats);
  }

  private void duplicates(List<Figure> figures, PromptSet heldOut) {
    figures.add(
        head(
            "duplicate-token head, mean score",
            HeadScore.best(model, heldOut, looks(heldOut, "S2", "S1")),
            "the second place of the repeated name, looking at the first, in the IOI prompts"));
    PromptSet words = prompts.duplicates(PROMPTS, 20, SEED);
    answers(figures, "follower of a duplicate, accuracy", words);
  }

  private static List<Look> looks(PromptSet set, String from, String to) {
    int[] queries = set.positions(from, 0);
    int[] keys = set.positions(to, 0);
    List<Look> looks = new ArrayList<>();
    for (int row = 0; row < queries.length; row++) {
      looks.add(new Look(row, queries[row], keys[row]));
    }
    return looks;
  }

  private static Figure head(String name, HeadScore score, String texts) {
    String how = "L" + score.layer() + ".H" + score.head() + " on " + texts;
    return new Figure(name, score.score(), how);
  }

  private void answers(List<Figure> figures, String name, PromptSet set) {
    String how = set.size() + " prompts, right answer above the wrong one";
    figures.add(new Figure(name, accuracy(differences(set)), how));
  }

  /** Logit of the answer minus logit of the other, at the end of each prompt. */
  private double[] differences(PromptSet set) {
    try (Scope scope = Scope.open()) {
      Tensor tokens = Tensor.ofRows(set.ids(model.tokenizer().bosId()));
      float[] logits = model.transformer().forward(tokens, Hooks.none()).logits().floats();
      int vocabulary = model.config().dVocab();
      double[] differences = new double[set.size()];
      int[] ends = set.ends();
      for (int row = 0; row < differences.length; row++) {
        int at = (row * set.longest() + ends[row]) * vocabulary;
        var pair = set.answers().get(row);
        differences[row] = (double) logits[at + pair.answerId()] - logits[at + pair.overId()];
      }
      return differences;
    }
  }

  private static double accuracy(double[] differences) {
    int right = 0;
    for (double difference : differences) {
      right += difference > 0 ? 1 : 0;
    }
    return right / (double) differences.length;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
