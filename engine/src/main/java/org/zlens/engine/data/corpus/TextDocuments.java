package org.zlens.engine.data.corpus;

/**
 * Plain text: a document is what stands between blank lines or lines of {@code <|endoftext|>}; one
 * that is very long is cut at the end of a line.
 */
final class TextDocuments implements Documents {
  private static final String SEPARATOR = "<|endoftext|>";
  private static final int LONGEST = 1 << 16;

  private final BoundedLines lines;

  TextDocuments(BoundedLines lines) {
    this.lines = lines;
  }

  @Override
  public String next() {
    StringBuilder document = new StringBuilder();
    String line;
    while ((line = lines.next()) != null) {
      if (line.isBlank() || line.equals(SEPARATOR)) {
        if (!document.isEmpty()) {
          return document.toString();
        }
        continue;
      }
      document.append(document.isEmpty() ? "" : "\n").append(line);
      if (document.length() > LONGEST) {
        return document.toString();
      }
    }
    return document.isEmpty() ? null : document.toString();
  }

  @Override
  public void close() {
    lines.close();
  }
}
