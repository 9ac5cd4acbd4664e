package org.zlens.engine.measure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.io.JsonSettings;

/** Reads files of ratings strictly: they come from browsers and people. */
final class RatingsReader {
  /** Features of the largest sheet that can be read. */
  static final int MOST = 10_000;

  private static final int MOST_FACTS = 32;
  private static final Pattern ADDRESS = Pattern.compile("L[0-9]{1,4}\\.[FR][0-9]{1,9}");

  private final Path file;

  RatingsReader(Path file) {
    this.file = file;
  }

  Ratings read() {
    JsonSettings root = JsonSettings.read(file);
    String format = root.text("format");
    if (!format.equals(Ratings.FORMAT)) {
      throw root.unknownValue("format", format, List.of(Ratings.FORMAT));
    }
    root.refuseUnknown(List.of("format", "about", "ratings"));
    Map<String, String> about = about(root.section("about"));
    List<Rating> ratings = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (JsonSettings one : root.sections("ratings", MOST)) {
      Rating rating = rating(one);
      if (!seen.add(rating.feature())) {
        throw one.fault("feature", "is " + rating.feature() + ", which was rated above");
      }
      ratings.add(rating);
    }
    return new Ratings(about, ratings);
  }

  private Map<String, String> about(JsonSettings section) {
    Map<String, String> about = new LinkedHashMap<>();
    for (String what : section.keys()) {
      if (about.size() == MOST_FACTS || what.length() > Rating.LONGEST) {
        throw section.fault(
            what, "is one too many, or too long: 'about' has at most " + MOST_FACTS + " texts");
      }
      about.put(what, bounded(section, what));
    }
    return about;
  }

  private static Rating rating(JsonSettings one) {
    one.refuseUnknown(List.of("feature", "rating", "explanation"));
    String feature = one.text("feature");
    if (!ADDRESS.matcher(feature).matches()) {
      throw one.fault(
          "feature", "is " + DataFault.quote(feature) + ", expected one such as 'L2.F417'");
    }
    return new Rating(
        feature,
        one.has("rating") ? Optional.of(verdict(one)) : Optional.empty(),
        one.has("explanation") ? bounded(one, "explanation") : "");
  }

  private static Verdict verdict(JsonSettings one) {
    String word = one.text("rating");
    return Verdict.of(word)
        .orElseThrow(
            () ->
                one.unknownValue(
                    "rating", word, Stream.of(Verdict.values()).map(Verdict::word).toList()));
  }

  private static String bounded(JsonSettings section, String key) {
    String text = section.text(key);
    if (text.length() > Rating.LONGEST) {
      throw section.fault(
          key, "has " + text.length() + " characters, at most " + Rating.LONGEST + " are read");
    }
    return text;
  }
}
