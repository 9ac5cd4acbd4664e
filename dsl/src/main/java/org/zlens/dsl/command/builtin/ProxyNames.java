package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.Evaluator;
import org.zlens.dsl.session.ListValue;
import org.zlens.dsl.session.Names;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.NamesUsed;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.measure.Proxy;

/** A proxy as a condition: what names stand for at one place of a text after the other. */
final class ProxyNames implements Names, Proxy {
  /** What the details of a verb say of the names. */
  static final String DETAILS =
      """
      In the condition 'token' is the text of the token, 'previous' that of the one before it, \
      'previous2' of the one before that and so on, 'next' of the one after it; 'position' is its \
      number in the row, from 0. Lists, for 'in': 'earlier' holds all tokens before it, 'last5' the \
      five before it, 'clause' those since the last mark of punctuation; 'followers' holds the \
      tokens that came after earlier places of the same token, 'alike' also after the token with or \
      without its leading space, capitalised, or in lower case; 'labels' holds the labels of the \
      place in a prompt.""";

  private static final List<String> NAMES =
      List.of(
          "token",
          "previous",
          "next",
          "position",
          "earlier",
          "clause",
          "followers",
          "alike",
          "labels");

  private static final Pattern NUMBERED = Pattern.compile("(last|previous)([1-9][0-9]{0,5})");
  private static final Set<String> PUNCTUATION = Set.of(".", ",", ";", ":", "!", "?", "\n", "\n\n");

  private final Evaluator evaluator = new Evaluator(this);
  private final Expression condition;
  private final Session session;
  private final IntFunction<String> pieces;
  private final List<Prompt> prompts;
  private long row;
  private int[] ids = {};
  private int position;

  /**
   * A condition on the places of a text.
   *
   * @param pieces the texts of tokens
   * @param prompts the rows of the text where they are prompts, else empty
   */
  ProxyNames(
      Expression condition, Session session, IntFunction<String> pieces, List<Prompt> prompts) {
    this.condition = condition;
    this.session = session;
    this.pieces = pieces;
    this.prompts = prompts;
  }

  /** Refuses a condition with a name that means nothing here. */
  static void check(Expression condition, Forecast forecast) {
    for (String name : NamesUsed.in(condition)) {
      boolean known =
          NAMES.contains(name)
              || NUMBERED.matcher(name).matches()
              || forecast.variables().containsKey(name)
              || forecast.isOpen();
      if (!known) {
        throw new Fault(
            Kind.NAME, condition.span(), "nothing here is named " + Quoted.of(name), near(name));
      }
    }
  }

  private static String near(String name) {
    return Suggestion.didYouMean(name, NAMES, "there are " + String.join(", ", NAMES));
  }

  @Override
  public boolean holds(long inRow, int[] tokens, int at) {
    row = inRow;
    ids = tokens;
    position = at;
    return evaluator.test(condition);
  }

  @Override
  public Value word(String name) {
    Matcher numbered = NUMBERED.matcher(name);
    if (numbered.matches()) {
      int count = Integer.parseInt(numbered.group(2));
      return numbered.group(1).equals("last")
          ? texts(Math.max(0, position - count), position)
          : text(position - count);
    }
    return switch (name) {
      case "token" -> text(position);
      case "previous" -> text(position - 1);
      case "next" -> text(position + 1);
      case "position" -> new NumberValue(position);
      case "earlier" -> texts(0, position);
      case "clause" -> texts(clause(), position);
      case "followers" -> followers(Set.of(piece(position)));
      case "alike" -> followers(variants(piece(position)));
      case "labels" -> labels();
      default -> variable(name);
    };
  }

  private String piece(int at) {
    return pieces.apply(ids[at]);
  }

  private Value text(int at) {
    return at < 0 || at >= ids.length ? NothingValue.NOTHING : new TextValue(piece(at));
  }

  private ListValue texts(int from, int to) {
    List<Value> texts = new ArrayList<>();
    for (int at = from; at < to; at++) {
      texts.add(text(at));
    }
    return new ListValue(texts);
  }

  private int clause() {
    int from = position;
    while (from > 0 && !PUNCTUATION.contains(piece(from - 1).strip())) {
      from--;
    }
    return from;
  }

  /** The place itself may follow an earlier one, as in the paper's code. */
  private ListValue followers(Set<String> tokens) {
    List<Value> found = new ArrayList<>();
    for (int at = 0; at < position; at++) {
      if (tokens.contains(piece(at))) {
        found.add(text(at + 1));
      }
    }
    return new ListValue(found);
  }

  /** The token and its four variants; those that are no single token never occur. */
  static Set<String> variants(String token) {
    Set<String> variants = new HashSet<>();
    variants.add(token);
    variants.add(" " + token);
    variants.add(token.startsWith(" ") ? token.substring(1) : token);
    String lower = token.toLowerCase(Locale.ROOT);
    variants.add(lower);
    if (!lower.isEmpty()) {
      int first = lower.offsetByCodePoints(0, 1);
      variants.add(lower.substring(0, first).toUpperCase(Locale.ROOT) + lower.substring(first));
    }
    return variants;
  }

  private ListValue labels() {
    List<Value> found = new ArrayList<>();
    if (row < prompts.size()) {
      for (Map.Entry<String, Integer> label :
          prompts.get((int) row).positions().labels().entrySet()) {
        if (label.getValue() == position) {
          found.add(new TextValue(label.getKey()));
        }
      }
      if (position == ids.length - 1) {
        found.add(new TextValue("END"));
      }
    }
    return new ListValue(found);
  }

  @Override
  public Value variable(String name) {
    return name.equals("_") ? session.last() : session.variables().get(name);
  }

  @Override
  public String hint(String name) {
    return near(name);
  }
}
