package org.zlens.repl.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.zlens.repl.explore.SavedPage;

/** How long a frame takes while a node of a graph of 300 is dragged in Chromium. */
final class FrameRate {
  private static final int NODES = 300;
  private static final int LAYERS = 12;
  private static final int TOKENS = 15;
  private static final Pattern FOUND = Pattern.compile("frames ([0-9.]+) ([0-9.]+)");

  /** Frames of which nothing moves, then as many of which a node does. */
  private static final String MEASURE =
      """
      addEventListener('load', () => {
        const node = document.querySelectorAll('g.node')[150];
        const box = node.getBoundingClientRect();
        const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        const send = (to, type, dx) => to.dispatchEvent(new MouseEvent(type, {
          bubbles: true, cancelable: true, view: window, clientX: at.x + dx, clientY: at.y + dx / 2 }));
        const frames = 120;
        const run = step => new Promise(done => {
          let count = -10;
          let start = 0;
          const frame = time => {
            if (count === 0) {
              start = time;
            } else if (count === frames) {
              done((time - start) / frames);
              return;
            }
            step(count++);
            requestAnimationFrame(frame);
          };
          requestAnimationFrame(frame);
        });
        (async () => {
          const still = await run(() => {});
          send(node, 'mousedown', 0);
          const before = node.getAttribute('transform');
          const moving = await run(count => send(window, 'mousemove', 40 + (count % 60)));
          if (node.getAttribute('transform') === before) {
            throw new Error('the node has not moved');
          }
          send(window, 'mouseup', 40);
          console.log(`frames ${still} ${moving}`);
        })().catch(error => console.log(`frames none: ${error.message}`));
      });
      """;

  private FrameRate() {}

  static Measurement measure() throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.open()) {
      Path file = folder.resolve("graph.html");
      Files.writeString(file, new SavedPage().of(exploration(), List.of(MEASURE)));
      Matcher found = run(folder.resolve("profile"), file);
      return new Measurement(
          "explorer-frames",
          Double.parseDouble(found.group(2)),
          "ms",
          Double.parseDouble(found.group(1)),
          1000.0 / 30,
          "a frame while a node of a graph of "
              + NODES
              + " is dragged in Chromium; one while nothing moves");
    }
  }

  private static Matcher run(Path profile, Path file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "chromium",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--enable-logging=stderr",
                "--user-data-dir=" + profile,
                "--window-size=1400,900",
                file.toUri().toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      StringBuilder all = new StringBuilder();
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        Matcher matcher = FOUND.matcher(line);
        if (matcher.find()) {
          return matcher;
        } else if (line.contains("frames none")) {
          throw new IllegalStateException(line);
        }
        all.append(line).append('\n');
      }
      throw new IllegalStateException("Chromium has measured nothing: " + all);
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      process.waitFor();
    }
  }

  /** A graph in which each node adds to two or three above it. */
  private static ObjectNode exploration() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    Random random = new Random(5);
    ObjectNode graph = json.objectNode();
    graph.put("layers", LAYERS).put("prompt", "a prompt");
    ArrayNode pieces = graph.putArray("pieces");
    for (int i = 0; i < TOKENS; i++) {
      pieces.add(" token" + i);
    }
    ArrayNode nodes = graph.putArray("nodes");
    ObjectNode table = graph.putObject("graph");
    table.putObject("units").put("contribution", "activation");
    ArrayNode rows = table.putArray("rows");
    for (int i = 0; i < NODES; i++) {
      int layer = LAYERS - 1 - i * LAYERS / NODES;
      int position = i == 0 ? TOKENS - 1 : random.nextInt(TOKENS);
      String name = "L" + layer + ".F" + i;
      String place = position + ": token" + position;
      ObjectNode node = nodes.addObject();
      node.put("key", name + "@" + place).put("name", name).put("place", place);
      node.put("part", "ATTENTION_FEATURE").put("layer", layer).put("position", position);
      node.put("root", i == 0).put("activation", 1 + random.nextDouble());
      for (int j = 0; j < Math.min(i, 3); j++) {
        ObjectNode above = (ObjectNode) nodes.get(random.nextInt(i));
        double size = random.nextGaussian();
        ObjectNode row = rows.addObject();
        row.put("from", name).put("from place", place);
        row.set("to", above.get("name"));
        row.set("to place", above.get("place"));
        row.put("contribution", size).put("influence", Math.abs(size) / (1 + i));
      }
    }
    ObjectNode exploration = json.objectNode();
    exploration.put("title", "300 nodes").put("model", "none").put("date", "");
    exploration.set("graph", graph);
    return exploration;
  }
}
