package org.zlens.engine.report.picture;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/** Which program draws pages: a browser of Chromium's family. */
public final class BrowserProgram {
  /** The variable of the environment that names one. */
  public static final String VARIABLE = "ZLENS_BROWSER";

  private static final List<String> NAMES =
      List.of(
          "chromium",
          "chromium-browser",
          "google-chrome",
          "google-chrome-stable",
          "chrome",
          "microsoft-edge",
          "microsoft-edge-stable",
          "brave-browser");

  private static final List<String> APPLICATIONS =
      List.of(
          "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
          "/Applications/Chromium.app/Contents/MacOS/Chromium",
          "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge");

  private BrowserProgram() {}

  /**
   * The browser that the environment names, or else one on the path, or where macOS has them.
   *
   * @param environment gives a variable's value, null where it is not set
   * @throws ZlensException of kind RUNTIME if there is none
   */
  public static Path find(UnaryOperator<String> environment) {
    String named = environment.apply(VARIABLE);
    if (named != null && !named.isBlank()) {
      if (isProgram(named)) {
        return Path.of(named);
      }
      throw new ZlensException(
          Kind.RUNTIME,
          "the browser that " + VARIABLE + " names is no program: '" + named + "'",
          "give the whole path of Chromium, Chrome or Edge");
    }
    return places(environment).stream()
        .filter(BrowserProgram::isProgram)
        .findFirst()
        .map(Path::of)
        .orElseThrow(BrowserProgram::none);
  }

  private static ZlensException none() {
    return new ZlensException(
        Kind.RUNTIME,
        "no browser is installed that could draw the picture",
        "install Chromium, Chrome or Edge, or set "
            + VARIABLE
            + " to one; or write a page (.html), whose buttons save the picture in any browser");
  }

  private static List<String> places(UnaryOperator<String> environment) {
    List<String> places = new ArrayList<>();
    String path = environment.apply("PATH");
    if (path != null) {
      for (String name : NAMES) {
        for (String folder : path.split(File.pathSeparator)) {
          if (!folder.isEmpty()) {
            places.add(folder + File.separator + name);
          }
        }
      }
    }
    places.addAll(APPLICATIONS);
    return places;
  }

  private static boolean isProgram(String name) {
    try {
      Path path = Path.of(name);
      return path.isAbsolute() && Files.isRegularFile(path) && Files.isExecutable(path);
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
