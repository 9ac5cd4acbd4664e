package org.zlens.engine.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.tokenizer.Tokenizer;
import org.zlens.engine.tokenizer.Tokens;

/**
 * Indirect-object prompts with the labels of section D-IOI, and their corrupted forms.
 *
 * <p>Labels: IO (first place of the answer's name), S1 and S2 (first and last place of the repeated
 * name), AND (the word between the names), PUNCT (the last full stop, or else the last comma) and
 * END. Corrupted sets keep the answer pairs and, moved where text was put in, the labels of the
 * clean one, so that both can be patched into each other position by position.
 */
public final class Ioi {
  private static final int NAMED = 8;

  private final Tokenizer tokenizer;
  private final boolean prependBos;
  private final IoiWords words;
  private final List<IoiSentence> sentences;

  private Ioi(
      Tokenizer tokenizer, boolean prependBos, IoiWords words, List<IoiSentence> sentences) {
    this.tokenizer = tokenizer;
    this.prependBos = prependBos;
    this.words = words;
    this.sentences = List.copyOf(sentences);
  }

  /**
   * Draws prompts: a template uniformly, then two names, a place and an object.
   *
   * @param templates the patterns to draw from, for example {@link IoiTemplate#mixed}
   * @param prependBos whether a beginning-of-text token goes in front; section D-IOI has none
   * @throws ZlensException if names are not single tokens, which it names
   */
  public static Ioi draw(
      Tokenizer tokenizer,
      boolean prependBos,
      List<IoiTemplate> templates,
      IoiWords words,
      int count,
      long seed) {
    if (count < 1 || templates.isEmpty()) {
      throw new ZlensException(
          Kind.USAGE,
          "indirect-object prompts need a count and templates, found "
              + count
              + " of "
              + templates.size()
              + " templates",
          null);
    }
    requireSingleTokens(tokenizer, words.names());
    SplittableRandom random = new SplittableRandom(seed);
    List<IoiSentence> sentences = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      IoiTemplate template = templates.get(random.nextInt(templates.size()));
      String[] names = pair(words, random);
      sentences.add(
          new IoiSentence(
              template,
              names[0],
              names[1],
              names[1],
              any(words.places(), random),
              any(words.objects(), random),
              "and"));
    }
    return new Ioi(tokenizer, prependBos, words, sentences);
  }

  /** The labels are found by the tokens of the names, so each name must be one. */
  private static void requireSingleTokens(Tokenizer tokenizer, List<String> names) {
    List<String> several =
        names.stream().filter(name -> tokenizer.idOf(" " + name).isEmpty()).toList();
    if (!several.isEmpty()) {
      throw new ZlensException(
          Kind.DATA,
          String.format(
              "names must be single tokens with a space in front, but %d of %d are not: %s%s",
              several.size(),
              names.size(),
              String.join(", ", several.subList(0, Math.min(several.size(), NAMED))),
              several.size() > NAMED ? ", ..." : ""),
          "say which names to draw from, as in names [\"Ann\", \"Bob\", \"Kate\", \"Tom\"]");
    }
  }

  /** Prompts from sentences that are given. */
  public static Ioi of(
      Tokenizer tokenizer, boolean prependBos, IoiWords words, List<IoiSentence> sentences) {
    return new Ioi(tokenizer, prependBos, words, sentences);
  }

  private static String[] pair(IoiWords words, SplittableRandom random) {
    for (int attempt = 0; attempt < 100_000; attempt++) {
      String io = any(words.names(), random);
      String s = any(words.names(), random);
      if (!io.equals(s) && words.pairs().test(io, s)) {
        return new String[] {io, s};
      }
    }
    throw new ZlensException(
        Kind.DATA, "found no two names that may stand together in an indirect-object prompt", null);
  }

  private static String any(List<String> list, SplittableRandom random) {
    return list.get(random.nextInt(list.size()));
  }

  /** The sentences behind the prompts. */
  public List<IoiSentence> sentences() {
    return sentences;
  }

  /** The clean prompts. */
  public PromptSet prompts() {
    return prompts("ioi");
  }

  private PromptSet prompts(String name) {
    List<Prompt> prompts = new ArrayList<>();
    for (IoiSentence sentence : sentences) {
      Tokens tokens = tokenizer.encode(sentence.text(), prependBos);
      prompts.add(prompt(sentence.text(), tokens, labels(sentence, tokens), sentence));
    }
    return new PromptSet(name, prompts);
  }

  /** {@link IoiChange#FLIPPED} prompts. */
  public PromptSet flipped(long seed) {
    return changed(IoiChange.FLIPPED, seed);
  }

  /** {@link IoiChange#THREE_NAMES} prompts. */
  public PromptSet threeNames(long seed) {
    return changed(IoiChange.THREE_NAMES, seed);
  }

  /** Each prompt with other names; the answer pair and the labels stay those of the clean one. */
  public PromptSet changed(IoiChange change, long seed) {
    return replaced(change.setName(), names(change, seed));
  }

  private Function<IoiSentence, IoiSentence> names(IoiChange change, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return sentence -> change.of(sentence, words.names(), random);
  }

  /**
   * Each prompt with another word between the names, such as "alongside".
   *
   * @throws ZlensException if the word is not a single token with a space in front
   */
  public PromptSet joinedBy(String joiner) {
    return joined(joiner).prompts("ioi " + joiner);
  }

  /** These sentences with another word between the names; see {@link #joinedBy}. */
  public Ioi joined(String joiner) {
    tokenizer.singleId(" " + joiner);
    return new Ioi(
        tokenizer, prependBos, words, sentences.stream().map(s -> s.withJoiner(joiner)).toList());
  }

  /**
   * The prompts with "It was a nice day. " in front and " while the weather was nice" before the
   * end of the first clause, by which S2 moves.
   *
   * @param loneSpace true to tokenise the prefix by itself as the paper's code does, so that its
   *     last space is a token; false to tokenise the whole text as it would be written
   */
  public PromptSet withFiller(boolean loneSpace) {
    return filled("ioi filler", loneSpace, sentence -> sentence);
  }

  /** {@link #flipped} prompts with the text of {@link #withFiller}. */
  public PromptSet flippedWithFiller(boolean loneSpace, long seed) {
    return changedWithFiller(IoiChange.FLIPPED, loneSpace, seed);
  }

  /** {@link #changed} prompts with the text of {@link #withFiller}. */
  public PromptSet changedWithFiller(IoiChange change, boolean loneSpace, long seed) {
    return filled(change.setName() + " filler", loneSpace, names(change, seed));
  }

  private PromptSet filled(
      String name, boolean loneSpace, Function<IoiSentence, IoiSentence> change) {
    int[] prefix = tokenizer.ids(IoiTemplate.PREFIX + " ");
    int filler = tokenizer.ids(IoiTemplate.FILLER).length;
    int bos = prependBos ? 1 : 0;
    List<Prompt> clean = prompts().prompts();
    List<Prompt> changed = new ArrayList<>();
    for (int n = 0; n < sentences.size(); n++) {
      IoiSentence sentence = sentences.get(n);
      String body = change.apply(sentence).filledText();
      String text = IoiTemplate.PREFIX + " " + body;
      Tokens tokens;
      if (loneSpace) {
        int[] own = tokenizer.encode(body, prependBos).ids();
        tokens =
            tokenizer.tokens(
                Stream.of(Arrays.copyOf(own, bos), prefix, Arrays.copyOfRange(own, bos, own.length))
                    .flatMapToInt(IntStream::of)
                    .toArray(),
                prependBos);
      } else {
        tokens = tokenizer.encode(text, prependBos);
      }
      Positions labels = clean.get(n).positions();
      int before = tokens.size() - clean.get(n).tokens().size() - filler;
      changed.add(
          prompt(
              text,
              tokens,
              labels.shifted(labels.find("PUNCT").orElseThrow(), filler).shifted(bos, before),
              sentence));
    }
    return new PromptSet(name, changed);
  }

  private PromptSet replaced(String name, Function<IoiSentence, IoiSentence> change) {
    List<Prompt> clean = prompts().prompts();
    List<Prompt> changed = new ArrayList<>();
    for (int n = 0; n < sentences.size(); n++) {
      String text = change.apply(sentences.get(n)).text();
      Tokens tokens = tokenizer.encode(text, prependBos);
      if (tokens.size() != clean.get(n).tokens().size()) {
        throw new ZlensException(
            Kind.DATA,
            String.format(
                "the changed prompt '%s' has %d tokens, the clean one %d",
                text, tokens.size(), clean.get(n).tokens().size()),
            null);
      }
      changed.add(prompt(text, tokens, clean.get(n).positions(), sentences.get(n)));
    }
    return new PromptSet(name, changed);
  }

  private Prompt prompt(String text, Tokens tokens, Positions labels, IoiSentence sentence) {
    return new Prompt(
        text,
        tokens,
        labels,
        Optional.of(AnswerPair.of(tokenizer, " " + sentence.io(), " " + sentence.s())),
        Map.of(
            "order", sentence.template().order().name(),
            "template", Integer.toString(sentence.template().family())));
  }

  /** The rules of section D-IOI: places are found by the ids of the two names. */
  private Positions labels(IoiSentence sentence, Tokens tokens) {
    int io = tokenizer.singleId(" " + sentence.io());
    int s = tokenizer.singleId(" " + sentence.s());
    Map<String, Integer> labels = new LinkedHashMap<>();
    for (int position = 0; position < tokens.size(); position++) {
      if (tokens.id(position) == io) {
        labels.putIfAbsent("IO", position);
      } else if (tokens.id(position) == s) {
        labels.putIfAbsent("S1", position);
        labels.put("S2", position);
      }
    }
    labels.put("AND", Math.min(labels.get("IO"), labels.get("S1")) + 1);
    int stop = tokens.strings().lastIndexOf(".");
    labels.put("PUNCT", stop >= 0 ? stop : tokens.strings().lastIndexOf(","));
    return new Positions(labels);
  }
}
