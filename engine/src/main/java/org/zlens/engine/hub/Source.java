package org.zlens.engine.hub;

import java.io.IOException;
import java.net.URI;
import java.util.Set;

/**
 * Where one file comes from. The hub leads to a store of large files by an address that is good for
 * a while; that is asked directly as long as it answers, to spare the hub a question for each part.
 */
final class Source {
  private static final Set<Integer> EXPIRED = Set.of(400, 401, 403, 404, 410);

  private final HubConnection connection;
  private final HubAddress file;
  private final URI uri;
  private volatile URI direct;

  Source(HubConnection connection, Repository repository, String commit, HubFile file) {
    this.connection = connection;
    this.file = new HubAddress(repository, commit, file.path());
    this.uri = connection.file(repository, commit, file.path());
  }

  URI uri() {
    return uri;
  }

  /**
   * Asks for a part of the file; the caller closes the answer, which is of status 200 or 206.
   *
   * @param first the first byte
   * @param last the last byte, included; -1 for the whole file
   */
  Answer open(long first, long last) throws IOException {
    String range = last < 0 ? null : "bytes=" + first + "-" + last;
    URI known = direct;
    if (known != null) {
      Answer answer = connection.get(known, range);
      if (!EXPIRED.contains(answer.status())) {
        return checked(answer);
      }
      answer.close();
      direct = null;
    }
    Answer answer = checked(connection.get(uri, range));
    if (!answer.from().equals(uri)) {
      direct = answer.from();
    }
    return answer;
  }

  private Answer checked(Answer answer) throws IOException {
    try {
      HubFault.check(answer, file);
      return answer;
    } catch (IOException | RuntimeException e) {
      answer.close();
      throw e;
    }
  }
}
