package org.zlens.dsl.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.zlens.engine.io.JsonSettings;

/** Reads the file of what a study should find, strictly. */
final class StudyReader {
  private static final int MOST = 200;
  private static final int LONGEST = 2_000;
  private static final String ABOUT = "about";
  private static final String CONTROL = "control";
  private static final String VALUE = "value";
  private static final String WITHIN = "within";
  private static final String ABOVE = "above";
  private static final String BELOW = "below";
  private static final String SOURCE = "source";

  private final Path folder;

  StudyReader(Path folder) {
    this.folder = folder;
  }

  Study read() {
    JsonSettings root = JsonSettings.read(folder.resolve("expected.json"));
    root.refuseUnknown(List.of("title", "paper", "question", "models", "findings"));
    Map<String, Map<String, String>> models = models(root.section("models"));
    if (!models.containsKey(Study.SPRIG)) {
      throw root.fault("models", "lacks '" + Study.SPRIG + "', which every study runs on");
    }
    return new Study(
        folder.getFileName().toString(),
        folder,
        bounded(root, "title"),
        bounded(root, "paper"),
        bounded(root, "question"),
        models,
        findings(root.section("findings"), models));
  }

  private static Map<String, Map<String, String>> models(JsonSettings section) {
    Map<String, Map<String, String>> models = new LinkedHashMap<>();
    for (String model : keys(section)) {
      JsonSettings parameters = section.section(model);
      Map<String, String> values = new LinkedHashMap<>();
      for (String name : keys(parameters)) {
        values.put(name, bounded(parameters, name));
      }
      models.put(model, values);
    }
    return models;
  }

  private static List<ExpectedFinding> findings(
      JsonSettings section, Map<String, Map<String, String>> models) {
    List<ExpectedFinding> findings = new ArrayList<>();
    for (String name : keys(section)) {
      JsonSettings one = section.section(name);
      List<String> known = new ArrayList<>(models.keySet());
      known.add(ABOUT);
      known.add(CONTROL);
      one.refuseUnknown(known);
      Map<String, Expectation> expectations = new LinkedHashMap<>();
      for (String model : models.keySet()) {
        if (one.has(model)) {
          boolean published = !model.equals(Study.SPRIG);
          expectations.put(model, expectation(one, model, published));
        }
      }
      if (expectations.isEmpty()) {
        throw section.fault(name, "names no model that it is found on");
      }
      findings.add(
          new ExpectedFinding(name, bounded(one, ABOUT), one.flag(CONTROL, false), expectations));
    }
    if (findings.stream().noneMatch(ExpectedFinding::control)) {
      throw section.fault("no finding is a control: \"control\": true");
    }
    return findings;
  }

  private static Expectation expectation(JsonSettings finding, String model, boolean published) {
    JsonSettings one = finding.section(model);
    one.refuseUnknown(List.of(VALUE, WITHIN, ABOVE, BELOW, SOURCE));
    if (published && one.keys().isEmpty()) {
      return Expectation.NONE;
    }
    boolean bounds = one.has(ABOVE) || one.has(BELOW);
    if (one.has(VALUE) == bounds || one.has(VALUE) != one.has(WITHIN)) {
      throw finding.fault(
          model, "has neither a 'value' and a 'within', nor an 'above', a 'below', or both");
    }
    if (published != one.has(SOURCE)) {
      throw finding.fault(
          model,
          published
              ? "lacks a 'source': where the number is published"
              : "has a 'source', but is measured here");
    }
    double within = one.has(WITHIN) ? one.number(WITHIN) : 0;
    if (!(within >= 0)) {
      throw one.fault(WITHIN, "is negative");
    }
    return new Expectation(
        number(one, VALUE),
        within,
        number(one, ABOVE),
        number(one, BELOW),
        published ? Optional.of(bounded(one, SOURCE)) : Optional.empty());
  }

  private static OptionalDouble number(JsonSettings section, String key) {
    return section.has(key) ? OptionalDouble.of(section.number(key)) : OptionalDouble.empty();
  }

  private static List<String> keys(JsonSettings section) {
    List<String> keys = section.keys();
    if (keys.size() > MOST) {
      throw section.fault("has " + keys.size() + " entries, at most " + MOST + " are read");
    }
    return keys;
  }

  private static String bounded(JsonSettings section, String key) {
    String text = section.text(key);
    if (text.isBlank() || text.length() > LONGEST) {
      throw section.fault(key, "must have 1 to " + LONGEST + " characters");
    }
    return text;
  }
}
