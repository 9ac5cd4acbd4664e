package org.zlens.engine.hub;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.DataFault;

/**
 * What {@code hf:owner/name@revision/path} names: a repository, or a file or folder in it.
 *
 * @param revision a branch, a tag or a commit; {@link #MAIN} where none is said
 * @param path in the repository, parts separated by slashes; empty for all of it
 */
public record HubAddress(Repository repository, String revision, String path) {
  /** How such an address begins. */
  public static final String PREFIX = "hf:";

  /** The branch that people mean who say none. */
  public static final String MAIN = "main";

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/+-]{0,199}");

  // A slash in a revision is written %2F, but for the references of the hub itself.
  private static final Pattern AT =
      Pattern.compile("(?<revision>refs/(?:pr|convert)/[^/]+|[^/]+)(?:/(?<path>.*))?");

  /** Refuses revisions and paths that cannot be. */
  public HubAddress {
    boolean good = REVISION.matcher(revision).matches() && !revision.contains("..");
    if (!good || revision.contains("//") || revision.endsWith("/")) {
      throw fault("no revision can be called " + DataFault.quote(revision));
    }
    if (!path.isEmpty() && !HubFile.isSafe(path)) {
      throw fault("no file of a repository can be called " + DataFault.quote(path));
    }
  }

  /** Whether a text means something on the hub. */
  public static boolean isAddress(String text) {
    return text.startsWith(PREFIX);
  }

  /** What the text says, which begins with {@link #PREFIX}. */
  public static HubAddress parse(String text) {
    String rest = text.substring(PREFIX.length());
    if (rest.startsWith("//")) {
      rest = rest.substring(2);
    }
    while (rest.endsWith("/")) {
      rest = rest.substring(0, rest.length() - 1);
    }
    int at = rest.indexOf('@');
    if (at >= 0) {
      Matcher matcher = AT.matcher(rest.substring(at + 1));
      if (!matcher.matches()) {
        throw fault("expected a revision after '@', found none in " + DataFault.quote(text));
      }
      String revision = decoded(matcher.group("revision"));
      String path = matcher.group("path");
      return new HubAddress(
          new Repository(rest.substring(0, at)), revision, path == null ? "" : path);
    }
    int owner = rest.indexOf('/');
    int end = owner < 0 ? -1 : rest.indexOf('/', owner + 1);
    return end < 0
        ? new HubAddress(new Repository(rest), MAIN, "")
        : new HubAddress(new Repository(rest.substring(0, end)), MAIN, rest.substring(end + 1));
  }

  private static String decoded(String revision) {
    try {
      return URLDecoder.decode(revision.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw fault("no revision can be called " + DataFault.quote(revision));
    }
  }

  private static ZlensException fault(String message) {
    return new ZlensException(
        Kind.DATA, message, "write hf:owner/name, hf:owner/name@revision or .../path after either");
  }

  /** Whether a revision is a commit and so the same for ever. */
  static boolean isCommit(String revision) {
    return COMMIT.matcher(revision).matches();
  }

  /** The same place at another revision. */
  public HubAddress at(String other) {
    return new HubAddress(repository, other, path);
  }

  /** As it is typed. */
  public String text() {
    String revision =
        this.revision.startsWith("refs/") ? this.revision : this.revision.replace("/", "%2F");
    return PREFIX
        + repository
        + (revision.equals(MAIN) ? "" : "@" + revision)
        + (path.isEmpty() ? "" : "/" + path);
  }
}
