package org.zlens.engine.report;

import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.zlens.engine.measure.Example;
import org.zlens.engine.measure.Rating;
import org.zlens.engine.measure.Verdict;

/**
 * A feature on a sheet to rate.
 *
 * @param feature its address, such as {@code L2.F417}
 * @param about a line of numbers
 * @param strongest its strongest places
 * @param anywhere places drawn from the others at which it is active
 * @param favoured texts of the tokens whose logits it raises most
 * @param opposed texts of the tokens whose logits it lowers most
 */
public record RatingCard(
    String feature,
    String about,
    List<Example> strongest,
    List<Example> anywhere,
    List<String> favoured,
    List<String> opposed) {
  /** Keeps the lists from changing. */
  public RatingCard {
    strongest = List.copyOf(strongest);
    anywhere = List.copyOf(anywhere);
    favoured = List.copyOf(favoured);
    opposed = List.copyOf(opposed);
  }

  /** The card as a part of a page. */
  String html(IntFunction<String> pieces) {
    String name = Html.text(feature);
    return """
        <article id="%s" tabindex="0" aria-label="%s">
        <h2>%s</h2>
        <p class="notes">%s</p>
        <h3>strongest places</h3>
        %s<h3>places from the whole range</h3>
        %s<h3>favours</h3><p class="text">%s</p>
        <h3>opposes</h3><p class="text">%s</p>
        <fieldset><legend>%s is</legend>
        %s<label>Explanation <input type="text" maxlength="%d" autocomplete="off"></label>
        </fieldset>
        </article>
        """
        .formatted(
            name,
            name,
            name,
            Html.text(about),
            examples(strongest, pieces),
            anywhere.isEmpty()
                ? "<p class=\"notes\">it is active at no others</p>\n"
                : examples(anywhere, pieces),
            tokens(favoured),
            tokens(opposed),
            name,
            Stream.of(Verdict.values()).map(this::choice).collect(Collectors.joining()),
            Rating.LONGEST);
  }

  private String choice(Verdict verdict) {
    return "<label><input type=\"radio\" name=\"%s\" value=\"%s\"> %d %s: %s</label>\n"
        .formatted(
            Html.text(feature),
            verdict.word(),
            verdict.ordinal() + 1,
            verdict.word(),
            Html.text(verdict.says()));
  }

  private static String tokens(List<String> pieces) {
    return pieces.stream().map(piece -> Html.text(shown(piece))).collect(Collectors.joining(" | "));
  }

  private String examples(List<Example> examples, IntFunction<String> pieces) {
    double most = strongest.stream().mapToDouble(Example::activation).max().orElse(1);
    return examples.stream()
        .map(example -> example(example, most, pieces))
        .collect(Collectors.joining());
  }

  private static String example(Example example, double most, IntFunction<String> pieces) {
    StringBuilder text = new StringBuilder("<p class=\"text\"><span class=\"value\">");
    text.append(number(example.activation())).append("</span>");
    for (int i = 0; i < example.ids().length; i++) {
      float activation = example.activations()[i];
      String piece = Html.text(shown(pieces.apply(example.ids()[i])));
      if (activation > 0) {
        piece =
            String.format(
                Locale.ROOT,
                "<span title=\"%s\" style=\"background:rgba(var(--mark),%.2f)\">%s</span>",
                number(activation),
                Math.min(1, activation / most),
                piece);
      }
      text.append(i == example.at() ? "<b>" + piece + "</b>" : piece);
    }
    return text.append("</p>\n").toString();
  }

  /** A text may turn lines where one place is one line. */
  private static String shown(String piece) {
    return piece.replace("\r", "").replace("\n", "\u21b5");
  }

  private static String number(float activation) {
    return String.format(Locale.ROOT, "%.3g", activation);
  }
}
