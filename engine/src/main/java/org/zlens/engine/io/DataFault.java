package org.zlens.engine.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * Makes the errors about files, of the form {@code 'file': what is wrong}, or {@code 'file' is a
 * folder} where the message says what the file itself is, has or does.
 */
public final class DataFault {
  private static final int LONGEST_QUOTE = 80;

  /** How a message begins whose subject is the file. */
  private static final Pattern PREDICATE =
      Pattern.compile("(is|has|holds|cannot|does|was|ends) .*", Pattern.DOTALL);

  private DataFault() {}

  /** The error that the file is wrong in the way that the message says. */
  public static ZlensException in(Path file, String message) {
    return in(file, message, null);
  }

  /** The same with advice, which may be null. */
  public static ZlensException in(Path file, String message, String hint) {
    return new ZlensException(Kind.DATA, about(file, message), hint);
  }

  private static String about(Path file, String message) {
    return "'" + file + (PREDICATE.matcher(message).matches() ? "' " : "': ") + message;
  }

  /** The error that the operating system did not let us read or write the file. */
  public static ZlensException of(Path file, IOException cause) {
    String message;
    if (cause instanceof NoSuchFileException || !Files.exists(file)) {
      message = "no such file";
    } else if (Files.isDirectory(file)) {
      message = "is a folder, expected a file";
    } else {
      message = "cannot be read or written (" + cause + ")";
    }
    return new ZlensException(Kind.DATA, about(file, message), null, cause);
  }

  /** Text of a file made fit for an error message: in quotes, printable and short. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder("'");
    int length = Math.min(text.length(), LONGEST_QUOTE);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      out.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
    }
    return out.append(length < text.length() ? "...'" : "'").toString();
  }
}
