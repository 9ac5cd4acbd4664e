package org.zlens.repl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.zlens.dsl.study.Study;
import org.zlens.engine.data.IoiWords;
import org.zlens.engine.io.ElementType;
import org.zlens.engine.io.SafetensorsWriter;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.sae.InputNormalization;
import org.zlens.engine.sae.SaeConfig;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.SaeLensWriter;
import org.zlens.engine.sae.SaeSource;
import org.zlens.engine.sae.SaeWeights;
import org.zlens.engine.sae.WeightBasis;

/**
 * Random weights where a model of the paper would be: a narrow GPT-2 with as many layers and heads,
 * with SAEs that have every feature that a study names, and a text. It knows sprig's words, and
 * some that the studies need beside them.
 */
final class StandIn {
  private static final int WIDTH = 48;
  private static final int INNER = 64;
  private static final int CONTEXT = 128;

  /** Features of each SAE that do something beside those that have a name. */
  private static final int ALIVE = 24;

  private static final Map<String, int[]> LAYERS_AND_HEADS =
      Map.of(
          "gpt2-small", new int[] {12, 12},
          "gelu-2l", new int[] {2, 8},
          "gemma-2b", new int[] {18, 8});

  /** The names of all that stands for a model. */
  private static final Map<String, List<String>> FILES =
      Map.of(
          "gpt2-small",
          List.of("gpt2-small", "gpt2-small-hook-z-kk", "gpt2-small-res-jb", "owt.jsonl"),
          "gelu-2l",
          List.of("gelu-2l", "gelu-2l-hook-z-kk", "c4-code.jsonl"),
          "gemma-2b",
          List.of("gemma-2b", "gemma-2b-hook-z-jb", "fineweb.jsonl"));

  private static final List<String> WORDS =
      List.of("board", " alongside", " besides", " plus", " with", " including", " car", " dog");

  /** How studies name features: L5.F44256, L9[.]R16927 or L5[.]F(7515|27535). */
  private static final Pattern NAMED =
      Pattern.compile("L(\\d+)(?:\\.|\\[\\.])([FR])(\\d+|\\([\\d|]+\\))");

  private final Path folder;
  private final String model;
  private final Random random = new Random(5);
  private final ObjectMapper json = new ObjectMapper();

  private StandIn(Path folder, String model) {
    this.folder = folder;
    this.model = model;
  }

  /** Writes all that stands for a model into a folder, with the features that studies name. */
  static void write(Path folder, String model, List<Study> studies) throws IOException {
    StandIn one = new StandIn(folder, model);
    List<String> files = FILES.get(model);
    one.writeModel(folder.resolve(files.get(0)));
    int layers = LAYERS_AND_HEADS.get(model)[0];
    for (int layer = 0; layer < layers; layer++) {
      one.writeSae(files.get(1), "attn.hook_z", layer, named(studies, model, layer, "F"));
      if (files.size() > 3) {
        one.writeSae(files.get(2), "hook_resid_pre", layer, named(studies, model, layer, "R"));
      }
    }
    one.writeText(folder.resolve(files.get(files.size() - 1)));
  }

  /** Puts what stands for a model where a session finds it that writes into a folder. */
  static void linkInto(Path written, Path folder, String model) throws IOException {
    Files.createDirectories(written);
    for (String name : FILES.get(model)) {
      Files.createSymbolicLink(written.resolve(name), folder.resolve(name));
    }
  }

  private static Set<Integer> named(List<Study> studies, String model, int layer, String kind) {
    Set<Integer> named = new TreeSet<>();
    for (Study study : studies) {
      for (String value : study.models().getOrDefault(model, Map.of()).values()) {
        Matcher matcher = NAMED.matcher(value);
        while (matcher.find()) {
          if (Integer.parseInt(matcher.group(1)) == layer && matcher.group(2).equals(kind)) {
            for (String one : matcher.group(3).replaceAll("[()]", "").split("\\|")) {
              named.add(Integer.parseInt(one));
            }
          }
        }
      }
    }
    return named;
  }

  private float[] values(int count, double size) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (size * random.nextGaussian());
    }
    return values;
  }

  private static float[] ones(int count) {
    float[] values = new float[count];
    java.util.Arrays.fill(values, 1);
    return values;
  }

  private void writeModel(Path to) throws IOException {
    Files.createDirectories(to);
    int vocabulary = writeTokenizer(to.resolve("tokenizer.json"));
    int layers = LAYERS_AND_HEADS.get(model)[0];
    SafetensorsWriter file = new SafetensorsWriter().metadata("format", "pt");
    add(file, "wte.weight", values(vocabulary * WIDTH, 0.3), vocabulary, WIDTH);
    add(file, "wpe.weight", values(CONTEXT * WIDTH, 0.1), CONTEXT, WIDTH);
    for (int layer = 0; layer < layers; layer++) {
      String at = "h." + layer + ".";
      for (String norm : List.of("ln_1", "ln_2")) {
        add(file, at + norm + ".weight", ones(WIDTH), WIDTH);
        add(file, at + norm + ".bias", values(WIDTH, 0.01), WIDTH);
      }
      matrix(file, at + "attn.c_attn", WIDTH, 3 * WIDTH);
      matrix(file, at + "attn.c_proj", WIDTH, WIDTH);
      matrix(file, at + "mlp.c_fc", WIDTH, INNER);
      matrix(file, at + "mlp.c_proj", INNER, WIDTH);
    }
    add(file, "ln_f.weight", ones(WIDTH), WIDTH);
    add(file, "ln_f.bias", new float[WIDTH], WIDTH);
    file.write(to.resolve("model.safetensors"));
    ObjectNode config = json.createObjectNode();
    config.put("model_type", "gpt2").put("activation_function", "gelu_new");
    config.put("bos_token_id", 1176).put("eos_token_id", 1176);
    config.put("n_embd", WIDTH).put("n_head", LAYERS_AND_HEADS.get(model)[1]);
    config.put("n_inner", INNER).put("n_layer", layers);
    config.put("n_positions", CONTEXT).put("vocab_size", vocabulary);
    Files.writeString(to.resolve("config.json"), config.toPrettyString());
  }

  private void matrix(SafetensorsWriter file, String name, int rows, int columns) {
    add(file, name + ".weight", values(rows * columns, 0.2), rows, columns);
    add(file, name + ".bias", values(columns, 0.02), columns);
  }

  private static void add(SafetensorsWriter file, String name, float[] values, long... shape) {
    file.add("transformer." + name, ElementType.F32, shape, FloatBuffer.wrap(values));
  }

  /** Sprig's tokens and the words that it lacks. */
  private int writeTokenizer(Path to) throws IOException {
    JsonNode root;
    try (InputStream in =
        ModelLoader.class.getResourceAsStream("/org/zlens/engine/sprig/tokenizer.json")) {
      root = json.readTree(in);
    }
    Set<String> known = new HashSet<>();
    root.path("model").path("vocab").fieldNames().forEachRemaining(known::add);
    ArrayNode added = (ArrayNode) root.path("added_tokens");
    int next = known.size() + added.size();
    for (JsonNode one : added) {
      next = Math.max(next, one.path("id").asInt() + 1);
      known.add(one.path("content").asText());
    }
    for (String word : WORDS) {
      if (!known.contains(word.replace(' ', '\u0120'))) {
        ObjectNode token = added.addObject().put("id", next++).put("content", word);
        token.put("single_word", false).put("lstrip", false).put("rstrip", false);
        token.put("normalized", false).put("special", false);
      }
    }
    Files.writeString(to, root.toString());
    return next;
  }

  private void writeSae(String name, String site, int layer, Set<Integer> named) {
    int width = named.stream().mapToInt(one -> one + 1).max().orElse(0);
    int features = Math.max(width, 4 * ALIVE);
    float[] encoder = new float[WIDTH * features];
    float[] decoder = new float[features * WIDTH];
    float[] bias = new float[features];
    Set<Integer> alive = new TreeSet<>(named);
    int heads = LAYERS_AND_HEADS.get(model)[1];
    for (int feature = 0; feature < features; feature++) {
      bias[feature] = -100;
      if (feature < ALIVE) {
        alive.add(feature);
      }
    }
    for (int feature : alive) {
      bias[feature] = named.contains(feature) ? 2 : 0;
      for (int i = 0; i < WIDTH; i++) {
        encoder[i * features + feature] = (float) (0.3 * random.nextGaussian());
        decoder[feature * WIDTH + i] = (float) (random.nextGaussian() / Math.sqrt(WIDTH));
        if (i * heads / WIDTH != feature % heads) {
          // Mostly written by one head, as induction features are looked for by.
          decoder[feature * WIDTH + i] *= 0.05f;
        }
      }
    }
    String hook = "blocks." + layer + "." + site;
    Path to = folder.resolve(name).resolve(hook);
    SaeConfig config =
        new SaeConfig(
            WIDTH,
            features,
            hook,
            layer,
            true,
            InputNormalization.NONE,
            site.endsWith("z"),
            model,
            true,
            CONTEXT,
            WeightBasis.PROCESSED,
            SaeSource.made(to, Map.of()));
    SaeWeights weights =
        new SaeWeights(
            config, new SaeEncoder.Relu(), encoder, decoder, bias, new float[WIDTH], new float[0]);
    SaeLensWriter.write(to, weights, ElementType.F16);
  }

  private void writeText(Path to) throws IOException {
    List<String> names = IoiWords.NAMES;
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String one = names.get(random.nextInt(names.size()));
      String other = names.get(random.nextInt(names.size()));
      String place = IoiWords.PLACES.get(random.nextInt(IoiWords.PLACES.size()));
      String text =
          "When %s and %s went to the %s, %s saw a dog. Which dog did %s see at the %s? A chalkboard. %s"
              .formatted(
                  one, other, place, other, one, place, "The dog of " + one + " likes board");
      lines.add(json.createObjectNode().put("text", text).toString());
    }
    Files.write(to, lines);
  }
}
