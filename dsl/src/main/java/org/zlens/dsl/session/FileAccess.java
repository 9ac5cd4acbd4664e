package org.zlens.dsl.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hub.Hub;
import org.zlens.engine.hub.HubSettings;
import org.zlens.engine.model.WeightCache;

/**
 * The one door between a session and files: what relative paths start from, what may be read, and
 * where what is written goes.
 */
public final class FileAccess {
  private final Path directory;
  private boolean safe;
  private Path written;
  private Diversion elsewhere;
  private Hub hub;
  private boolean offline;

  /**
   * Access to all files.
   *
   * @param directory what relative paths start from
   */
  public FileAccess(Path directory) {
    this.directory = directory;
  }

  public Path directory() {
    return directory;
  }

  /** From here on nothing is written, and nothing outside of the directory is read. */
  public void makeSafe() {
    safe = true;
  }

  public boolean isSafe() {
    return safe;
  }

  /**
   * From here on relative paths of what is written start from another folder, and are read there.
   */
  public void writeInto(Path folder) {
    written = folder;
  }

  /** From here on what is written goes below another folder, and is read from there again. */
  public void divert(Path folder) {
    elsewhere = new Diversion(folder);
  }

  /** From here on the network stays untouched. */
  public void stayOffline() {
    offline = true;
    hub = hub == null ? null : new Hub(hub.settings().withoutNetwork());
  }

  /** From here on models and SAEs come from this hub, and not from that of the environment. */
  public void useHub(Hub other) {
    hub = offline ? new Hub(other.settings().withoutNetwork()) : other;
  }

  /** Reaches the same as another. */
  void shareReach(FileAccess other) {
    safe |= other.safe;
    offline |= other.offline;
    hub = other.hub;
  }

  /** Where models and SAEs come from that are no files of the user's own naming. */
  public Hub hub() {
    if (safe) {
      throw new ZlensException(
          Kind.USAGE,
          "with --safe nothing comes from the hub or from the cache of it",
          "run it without --safe if you trust the script");
    }
    if (hub == null) {
      HubSettings settings =
          HubSettings.of(System::getenv, Path.of(System.getProperty("user.home", "")));
      hub = new Hub(offline ? settings.withoutNetwork() : settings);
    }
    return hub;
  }

  /** Where processed weights are kept from one process to the next; nowhere with --safe. */
  public WeightCache weights() {
    return safe ? WeightCache.NONE : WeightCache.ofUser(System::getenv);
  }

  /** The path of a file to be read, as a script names it. */
  public Path input(String name) {
    Path path = resolve(directory, name);
    if (safe && !real(path).startsWith(real(directory))) {
      throw new ZlensException(
          Kind.USAGE,
          "with --safe only files below the current folder are read, found " + Quoted.of(name),
          "run it without --safe if you trust the script");
    }
    if (written != null && Files.exists(resolve(written, name))) {
      return resolve(written, name);
    }
    return elsewhere == null ? path : elsewhere.input(path);
  }

  /** The path of a file to be written, as a script names it. */
  public Path output(String name) {
    if (safe) {
      throw new ZlensException(
          Kind.USAGE,
          "with --safe no file is written, found " + Quoted.of(name),
          "run it without --safe if you trust the script");
    }
    Path path = resolve(written == null ? directory : written, name);
    return elsewhere == null ? path : elsewhere.output(path);
  }

  /**
   * What a script is called wherever it is asked for from: its path from the folder that relative
   * paths start from, or, elsewhere, its whole path.
   */
  public String name(SourceText script) {
    if (script.path() == null) {
      return script.name();
    }
    Path path = script.path().toAbsolutePath().normalize();
    Path start = directory.toAbsolutePath().normalize();
    return (path.startsWith(start) ? start.relativize(path) : path).toString();
  }

  /**
   * A path against a directory, where {@code ~} at its beginning is the folder of the user, as in
   * any shell; a name that no file can have is an error.
   */
  public static Path resolve(Path directory, String name) {
    try {
      boolean ofUser = name.equals("~") || name.startsWith("~/");
      return ofUser
          ? Path.of(System.getProperty("user.home"))
              .resolve(name.substring(Math.min(2, name.length())))
          : directory.resolve(name);
    } catch (InvalidPathException e) {
      throw new ZlensException(Kind.DATA, "no file can have this name: " + e.getReason(), null, e);
    }
  }

  /** Where a path leads once links are followed; of what is not there, as it is written. */
  private static Path real(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      return absolute.toRealPath();
    } catch (IOException e) {
      Path parent = absolute.getParent();
      return parent == null ? absolute : real(parent).resolve(absolute.getFileName());
    }
  }
}
