package org.zlens.repl.explore;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files that the page is made of; there are no others. */
final class PageFiles {
  private static final String D3 = "/META-INF/resources/webjars/d3/7.9.0/dist/d3.min.js";

  /** What a saved page needs too, each after those that it uses. */
  static final List<String> GRAPH_MODULES =
      List.of(
          "text.js",
          "dom.js",
          "values.js",
          "nodes.js",
          "layout.js",
          "graph.js",
          "picture.js",
          "card.js",
          "document.js");

  private static final List<String> OTHERS =
      List.of(
          "session.js",
          "commands.js",
          "server.js",
          "prompt.js",
          "features.js",
          "actions.js",
          "logits.js",
          "log.js",
          "toolbar.js",
          "saved.js",
          "main.js",
          "explore.css",
          "icon.svg",
          "index.html");

  /**
   * One of them.
   *
   * @param type of its content
   */
  record PageFile(String type, byte[] content) {}

  private static final Map<String, String> TYPES =
      Map.of(
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "html", "text/html; charset=utf-8");

  private final Map<String, PageFile> files = new LinkedHashMap<>();

  PageFiles() {
    files.put("d3.js", new PageFile(TYPES.get("js"), read(D3)));
    GRAPH_MODULES.forEach(this::add);
    OTHERS.forEach(this::add);
  }

  private void add(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    files.put(name, new PageFile(TYPES.get(ending), read(name)));
  }

  /** A file by its name. */
  Optional<PageFile> find(String name) {
    return Optional.ofNullable(files.get(name));
  }

  /** The content of a file that is there. */
  byte[] content(String name) {
    return files.get(name).content();
  }

  private static byte[] read(String name) {
    try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
