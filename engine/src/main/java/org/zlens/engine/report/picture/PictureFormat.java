package org.zlens.engine.report.picture;

import java.util.Locale;
import java.util.Optional;

/** What a picture is kept as. */
public enum PictureFormat {
  /** Lines and letters, of any size. */
  SVG,

  /** Points, three for each unit of length. */
  PNG;

  /** How names of such files end. */
  public String ending() {
    return "." + name().toLowerCase(Locale.ROOT);
  }

  /** The format that a file's name asks for. */
  public static Optional<PictureFormat> of(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    for (PictureFormat format : values()) {
      if (name.endsWith(format.ending())) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
