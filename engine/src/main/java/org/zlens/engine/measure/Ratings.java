package org.zlens.engine.measure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.engine.io.AtomicFile;

/**
 * What a person said of the features on a sheet.
 *
 * @param about what they were told the features are of: model, SAE, text, sample
 * @param ratings in the order of the sheet
 */
public record Ratings(Map<String, String> about, List<Rating> ratings) {
  /** What the files say that they are. */
  public static final String FORMAT = "zlens ratings 1";

  /** Keeps both from changing. */
  public Ratings {
    about = Collections.unmodifiableMap(new LinkedHashMap<>(about));
    ratings = List.copyOf(ratings);
  }

  /** A sheet on which nothing is rated yet. */
  public static Ratings blank(Map<String, String> about, List<String> features) {
    return new Ratings(about, features.stream().map(Rating::blank).toList());
  }

  /** How many features were rated. */
  public long rated() {
    return ratings.stream().filter(one -> one.verdict().isPresent()).count();
  }

  /** How many were rated so. */
  public long count(Verdict verdict) {
    return ratings.stream()
        .filter(one -> one.verdict().filter(verdict::equals).isPresent())
        .count();
  }

  /**
   * The ratings of a file, which the page of a sheet saved or which {@link #write} wrote.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA that names the key that is wrong
   */
  public static Ratings read(Path file) {
    return new RatingsReader(file).read();
  }

  /** The form of the files. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", FORMAT);
    ObjectNode facts = json.putObject("about");
    about.forEach(facts::put);
    ArrayNode list = json.putArray("ratings");
    for (Rating rating : ratings) {
      list.addObject()
          .put("feature", rating.feature())
          .put("rating", rating.verdict().map(Verdict::word).orElse(null))
          .put("explanation", rating.explanation());
    }
    return json;
  }

  /**
   * Writes a file that can be read again, wholly or not at all.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if the file cannot be written
   */
  public void write(Path path) {
    AtomicFile.writeText(path, json().toPrettyString() + "\n");
  }
}
