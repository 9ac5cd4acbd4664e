package org.zlens.engine.hub;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.DataFault;

/**
 * What the hub says is in a repository at one commit.
 *
 * @param files by their paths
 */
record Listing(String commit, Map<String, HubFile> files) {
  /** A listing may not be longer. */
  static final int MOST_BYTES = 64 << 20;

  private static final int MOST_FILES = 200_000;
  private static final long LARGEST = 1L << 50;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(100)
                          .maxNumberLength(100)
                          .build())
                  .build())
          .build();

  /** Reads the answer to a question for a revision with its files. */
  static Listing read(Repository asked, byte[] answer) {
    JsonNode root;
    try {
      root = JSON.readTree(answer);
    } catch (JsonProcessingException e) {
      throw fault(asked, "is no JSON", e);
    } catch (IOException e) {
      throw new IllegalStateException("an array is always readable", e);
    }
    String commit = root.path("sha").asText();
    if (!HubAddress.isCommit(commit)) {
      throw fault(asked, "names no commit, but " + DataFault.quote(commit), null);
    }
    JsonNode siblings = root.path("siblings");
    if (!siblings.isArray() || siblings.size() > MOST_FILES) {
      throw fault(asked, "has no list of files, or one that is too long", null);
    }
    Map<String, HubFile> files = new TreeMap<>();
    for (JsonNode sibling : siblings) {
      HubFile file = file(asked, sibling);
      if (files.put(file.path(), file) != null) {
        throw fault(asked, "names the file " + DataFault.quote(file.path()) + " twice", null);
      }
    }
    return new Listing(commit, files);
  }

  private static HubFile file(Repository asked, JsonNode sibling) {
    String path = sibling.path("rfilename").asText();
    if (!HubFile.isSafe(path)) {
      throw fault(asked, "names a file " + DataFault.quote(path) + ", which no path may be", null);
    }
    JsonNode large = sibling.path("lfs");
    JsonNode size = large.has("size") ? large.path("size") : sibling.path("size");
    String hash =
        large.isObject() ? large.path("sha256").asText() : sibling.path("blobId").asText();
    boolean counts = size.isIntegralNumber() && size.canConvertToLong();
    if (!counts || size.asLong() < 0 || size.asLong() > LARGEST || !ContentHash.isHash(hash)) {
      throw fault(asked, "tells no size and hash of the file " + DataFault.quote(path), null);
    }
    return new HubFile(path, size.asLong(), new ContentHash(hash));
  }

  private static ZlensException fault(Repository asked, String what, Throwable cause) {
    return new ZlensException(
        Kind.DATA,
        "what the server says of '" + asked + "' " + what,
        "is HF_ENDPOINT the address of a hub?",
        cause);
  }
}
