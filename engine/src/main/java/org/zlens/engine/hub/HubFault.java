package org.zlens.engine.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import javax.net.ssl.SSLException;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.DataFault;

/** Tells in words what a server or the network did not do. */
final class HubFault {
  private static final int TOO_MANY = 429;

  private HubFault() {}

  /** Refuses every answer but those that bring something. */
  static void check(Answer answer, HubAddress asked) throws IOException {
    int status = answer.status();
    if (status == 200 || status == 206) {
      return;
    }
    if (status == 416) {
      throw new RangeRefusedException(status);
    }
    if (status == TOO_MANY || status == 408 || status >= 500) {
      throw new BusyException(status, retryAfter(answer.header("Retry-After")));
    }
    throw refusal(answer, asked);
  }

  private static ZlensException refusal(Answer answer, HubAddress asked) {
    String repository = "'" + asked.repository() + "'";
    String host = answer.from().getHost();
    String code = answer.header("X-Error-Code");
    boolean denied = answer.status() == 401 || answer.status() == 403;
    if (code.equals("GatedRepo") || denied && code.isEmpty() && answer.knowsToken()) {
      return gated(answer, asked);
    }
    if (code.equals("RevisionNotFound")) {
      return fault(
          repository + " has no revision " + DataFault.quote(asked.revision()) + " on " + host,
          "a revision is a branch, a tag or a whole commit of 40 digits");
    }
    if (code.equals("EntryNotFound")) {
      return fault(repository + " has no file " + DataFault.quote(asked.path()), null);
    }
    if (code.equals("DisabledRepo")) {
      return fault(repository + " is disabled on " + host, null);
    }
    if (denied || answer.status() == 404) {
      return fault(
          "there is no repository " + repository + " on " + host + ", or it is private",
          answer.knowsToken()
              ? "is the name right, and may the owner of the token see it?"
              : "is the name right? For a private one set HF_TOKEN");
    }
    return fault(host + " answered " + answer.status() + " to a question for " + repository, null);
  }

  private static ZlensException gated(Answer answer, HubAddress asked) {
    URI page = answer.from().resolve("/" + asked.repository());
    if (!answer.knowsToken()) {
      return fault(
          "'" + asked.repository() + "' is gated: only those who accepted its terms get it",
          "accept them at " + page + ", then set HF_TOKEN to a token of yours");
    }
    return fault(
        "'"
            + asked.repository()
            + "' is not given to the owner of this token ("
            + answer.status()
            + ")",
        "accept its terms at "
            + page
            + "; is the token valid, and may it read gated repositories?");
  }

  /** The error that a server was asked often enough. */
  static ZlensException gaveUp(URI uri, IOException e) {
    String host = uri.getHost();
    if (e instanceof BusyException busy) {
      return busy.status() == TOO_MANY
          ? fault(
              host + " wants to be asked less often (429)",
              "wait some minutes; with HF_TOKEN set it answers more often")
          : fault(host + " has a fault of its own (" + busy.status() + ")", "try again later");
    }
    if (isNoConnection(e)) {
      return fault(
          "no connection to " + host,
          "is there a network? What is in the cache works without one; another server can be named"
              + " by HF_ENDPOINT, a proxy by HTTPS_PROXY");
    }
    if (e instanceof SSLException) {
      return fault("no safe connection to " + host + ": " + words(e), null);
    }
    return fault(
        "the connection to " + host + " broke each time: " + words(e),
        "what has come is kept; the same statement goes on from there");
  }

  /** Whether something failed since nobody could be asked. */
  static boolean isNoConnection(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof UnknownHostException
          || cause instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  private static String words(IOException e) {
    if (e instanceof HttpTimeoutException) {
      return "it brought nothing for too long";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Seconds or a date; nothing for what is neither. */
  static Duration retryAfter(String text) {
    if (text.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      ZonedDateTime date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration until = Duration.between(Instant.now(), date.toInstant());
      return until.isNegative() ? Duration.ZERO : until;
    } catch (DateTimeParseException e) {
      return Duration.ZERO;
    }
  }

  static ZlensException fault(String message, String hint) {
    return new ZlensException(Kind.DATA, message, hint);
  }
}
