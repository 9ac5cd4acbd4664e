package org.zlens.engine.model;

import java.util.List;
import org.zlens.engine.io.JsonSettings;

/** How queries and keys turn, in the keys of any version of Hugging Face's library. */
public final class RotaryKeys {
  private static final String SECTION = "rope_parameters";
  private static final String OLDER = "rope_scaling";
  private static final String BASE = "rope_theta";
  private static final String SHARE = "partial_rotary_factor";
  private static final String FACTOR = "factor";
  private static final String LOW = "low_freq_factor";
  private static final String HIGH = "high_freq_factor";
  private static final String CONTEXT = "original_max_position_embeddings";

  /** What else stands there is of kinds that are not known, or of layers one by one. */
  private static final List<String> KNOWN =
      List.of(BASE, "rope_type", "type", SHARE, FACTOR, LOW, HIGH, CONTEXT);

  private RotaryKeys() {}

  /**
   * The turning of all components of a head.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if some of them do not turn
   */
  public static PositionScheme.Rotary whole(JsonSettings json, int width, double base) {
    double share = share(json, SHARE, 1);
    if (share != 1) {
      throw json.fault(SHARE, "is " + share + ", but in this family all of a head turns");
    }
    return read(json, BASE, width, base);
  }

  /** Which part of a head turns, where an older key may state it. */
  public static double share(JsonSettings json, String olderKey, double fallback) {
    double older = ConfigKeys.between(json, olderKey, 0, 1, fallback);
    return json.has(SECTION)
        ? ConfigKeys.between(json.section(SECTION), SHARE, 0, 1, older)
        : older;
  }

  /**
   * The turning.
   *
   * @param baseKey where older files state the base
   * @param width how many components of a head turn
   */
  public static PositionScheme.Rotary read(
      JsonSettings json, String baseKey, int width, double base) {
    if (width < 2 || width % 2 != 0) {
      throw json.fault(width + " components of a head turn, expected an even number");
    }
    if (json.has(SECTION) && json.has(OLDER) && !json.node(SECTION).equals(json.node(OLDER))) {
      throw json.fault(OLDER, "says something else than '" + SECTION + "'");
    }
    double stated = base(json, baseKey, base);
    String key = json.has(SECTION) ? SECTION : OLDER;
    if (!json.has(key)) {
      return new PositionScheme.Rotary(stated, width, new RotaryStretch.None());
    }
    JsonSettings section = json.section(key);
    RotaryStretch stretch = stretch(section);
    section.refuseUnknown(KNOWN);
    return new PositionScheme.Rotary(base(section, BASE, stated), width, stretch);
  }

  private static double base(JsonSettings json, String key, double fallback) {
    return ConfigKeys.between(json, key, 2, 1e12, fallback);
  }

  private static RotaryStretch stretch(JsonSettings json) {
    String key = json.has("rope_type") ? "rope_type" : "type";
    String type = json.text(key, "default");
    return switch (type) {
      case "default" -> new RotaryStretch.None();
      case "linear" -> new RotaryStretch.Linear(ConfigKeys.between(json, FACTOR, 1, 1e6));
      case "llama3" ->
          new RotaryStretch.SlowOnly(
              ConfigKeys.between(json, FACTOR, 1, 1e6),
              ConfigKeys.between(json, LOW, 1e-3, 1e6),
              ConfigKeys.between(json, HIGH, 1e-3, 1e6),
              ConfigKeys.size(json, CONTEXT));
      default -> throw json.unknownValue(key, type, List.of("default", "linear", "llama3"));
    };
  }
}
