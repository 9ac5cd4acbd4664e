package org.zlens.engine.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.zlens.engine.ZlensException;

/**
 * The settings in a configuration file, taken by key and type; what is missing or of another type
 * is an error that names the file and the key.
 */
public final class JsonSettings {
  private final Path path;
  private final String prefix;
  private final JsonNode object;

  private JsonSettings(Path path, String prefix, JsonNode object) {
    this.path = path;
    this.prefix = prefix;
    this.object = object;
  }

  /** The settings of a file. */
  public static JsonSettings read(Path path) {
    return of(path, JsonFile.read(path));
  }

  /** Settings that were read already, as if from the file. */
  public static JsonSettings of(Path path, JsonNode object) {
    if (!object.isObject()) {
      throw DataFault.in(path, "its settings are not a dictionary");
    }
    return new JsonSettings(path, "", object);
  }

  /** Whether the key is there with a value other than null. */
  public boolean has(String key) {
    return object.hasNonNull(key);
  }

  /** Whether the key is there, if only with null, which is a statement too. */
  public boolean states(String key) {
    return object.has(key);
  }

  /** The value of a key, for the types that have no method of their own; JSON null if absent. */
  public JsonNode node(String key) {
    return has(key) ? object.get(key) : NullNode.instance;
  }

  /** The settings under a key. */
  public JsonSettings section(String key) {
    JsonNode node = require(key);
    if (!node.isObject()) {
      throw wrong(key, "a dictionary");
    }
    return new JsonSettings(path, prefix + key + ".", node);
  }

  /** The settings in a list under a key, of so many dictionaries at most. */
  public List<JsonSettings> sections(String key, int most) {
    JsonNode list = require(key);
    if (!list.isArray()) {
      throw wrong(key, "a list");
    }
    if (list.size() > most) {
      throw fault(key, "has " + list.size() + " entries, at most " + most + " are read");
    }
    List<JsonSettings> sections = new ArrayList<>();
    for (JsonNode node : list) {
      String place = key + "[" + sections.size() + "]";
      if (!node.isObject()) {
        throw wrong(place, node, "a dictionary");
      }
      sections.add(new JsonSettings(path, prefix + place + ".", node));
    }
    return sections;
  }

  /** Its keys, in the order of the file. */
  public List<String> keys() {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** A text. */
  public String text(String key) {
    JsonNode node = require(key);
    if (!node.isTextual()) {
      throw wrong(key, "a text");
    }
    return node.textValue();
  }

  /** A text, or what stands for a missing one. */
  public String text(String key, String fallback) {
    return has(key) ? text(key) : fallback;
  }

  /** A whole number between bounds, both included. */
  public int whole(String key, int least, int most) {
    JsonNode node = require(key);
    boolean fits = node.isIntegralNumber() && node.canConvertToInt();
    if (!fits || node.intValue() < least || node.intValue() > most) {
      throw wrong(key, "a whole number from " + least + " to " + most);
    }
    return node.intValue();
  }

  /** A whole number between bounds, or what stands for a missing one. */
  public int whole(String key, int least, int most, int fallback) {
    return has(key) ? whole(key, least, most) : fallback;
  }

  /** A number that is finite. */
  public double number(String key) {
    JsonNode node = require(key);
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong(key, "a number");
    }
    return node.doubleValue();
  }

  /** True or false. */
  public boolean flag(String key) {
    JsonNode node = require(key);
    if (!node.isBoolean()) {
      throw wrong(key, "true or false");
    }
    return node.booleanValue();
  }

  /** True or false, or what stands for a missing one. */
  public boolean flag(String key, boolean fallback) {
    return has(key) ? flag(key) : fallback;
  }

  /** Refuses keys that are not known, with the known key that was probably meant. */
  public void refuseUnknown(Collection<String> known) {
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      if (!known.contains(entry.getKey())) {
        String near = Names.nearest(entry.getKey(), known);
        throw DataFault.in(
            path,
            "unknown setting " + DataFault.quote(prefix + entry.getKey()),
            near == null
                ? "a setting that is not understood could change the numbers"
                : "did you mean '" + near + "'?");
      }
    }
  }

  /** The settings with simple values except the given ones, as texts, for provenance. */
  public Map<String, String> others(Set<String> except) {
    Map<String, String> others = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      if (entry.getValue().isValueNode()
          && !entry.getValue().isNull()
          && !except.contains(entry.getKey())) {
        others.put(entry.getKey(), entry.getValue().asText());
      }
    }
    return others;
  }

  /** The error that a setting's value is not one of those that are understood. */
  public ZlensException unknownValue(String key, String value, Collection<String> known) {
    return DataFault.in(
        path,
        DataFault.quote(prefix + key) + " is " + DataFault.quote(value) + ", which is not known",
        "expected one of " + String.join(", ", new TreeSet<>(known)));
  }

  /** An error about the file. */
  public ZlensException fault(String message) {
    return DataFault.in(path, message);
  }

  /** An error about the value of a key. */
  public ZlensException fault(String key, String message) {
    return DataFault.in(path, DataFault.quote(prefix + key) + " " + message);
  }

  private JsonNode require(String key) {
    if (!has(key)) {
      String near = Names.nearest(key, fieldNames());
      throw DataFault.in(
          path,
          "has no setting " + DataFault.quote(prefix + key),
          near == null ? null : "it has '" + near + "'");
    }
    return object.get(key);
  }

  private Set<String> fieldNames() {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private ZlensException wrong(String key, String expected) {
    return wrong(key, object.get(key), expected);
  }

  private ZlensException wrong(String key, JsonNode found, String expected) {
    return fault(key, "is " + DataFault.quote(found.toString()) + ", expected " + expected);
  }
}
