package org.zlens.repl.explore;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.zlens.engine.report.Html;
import org.zlens.engine.report.ScriptHash;

/**
 * An exploration as one HTML file that opens with no server: the modules that draw the graph, the
 * library that they use, and what was found as data. Its policy allows these scripts and no other.
 */
public final class SavedPage {
  private static final Pattern IMPORT = Pattern.compile("(?m)^import [^;]*;\\n");
  private static final Pattern EXPORT = Pattern.compile("(?m)^export ");

  private final PageFiles files;

  /** Pages of the files of this program. */
  public SavedPage() {
    this(new PageFiles());
  }

  SavedPage(PageFiles files) {
    this.files = files;
  }

  /** The file. */
  String of(JsonNode exploration) {
    return of(exploration, List.of());
  }

  /** The file with scripts of somebody else behind its own. */
  public String of(JsonNode exploration, List<String> more) {
    String library = text("d3.js");
    String script = script();
    String style = text("explore.css");
    String policy =
        "default-src 'none'; script-src "
            + ScriptHash.of(bytes(library))
            + " "
            + ScriptHash.of(bytes(script))
            + more.stream()
                .map(one -> " " + ScriptHash.of(bytes(one)))
                .collect(Collectors.joining())
            + "; style-src "
            + ScriptHash.of(bytes(style))
            + "; base-uri 'none'; form-action 'none'";
    return "<!doctype html>\n<html lang=\"en\" class=\"saved\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta http-equiv=\"Content-Security-Policy\" content=\""
        + policy
        + "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        + "<title>"
        + Html.text(title(exploration))
        + "</title>\n<style>"
        + style
        + "</style>\n</head>\n<body>\n<main id=\"saved\"></main>\n"
        + "<script type=\"application/json\" id=\"exploration\">"
        + Html.json(exploration.toString())
        + "</script>\n<script>"
        + library
        + "</script>\n<script>"
        + script
        + more.stream().map(one -> "</script>\n<script>" + one).collect(Collectors.joining())
        + "</script>\n</body>\n</html>\n";
  }

  private static String title(JsonNode exploration) {
    String title = Shortened.text(exploration.path("title").asText());
    return title.isEmpty() ? "exploration" : title;
  }

  /** The modules as one script: what one gives another, all have. */
  private String script() {
    StringBuilder all = new StringBuilder("(() => {\n'use strict';\n");
    for (String module : PageFiles.GRAPH_MODULES) {
      all.append(bare(text(module))).append('\n');
    }
    return all.append(bare(text("saved.js"))).append("})();\n").toString();
  }

  private static String bare(String module) {
    return EXPORT.matcher(IMPORT.matcher(module).replaceAll("")).replaceAll("");
  }

  private String text(String name) {
    return new String(files.content(name), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
