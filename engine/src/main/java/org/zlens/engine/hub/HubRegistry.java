package org.zlens.engine.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.zlens.engine.hook.Location;

/**
 * The models and SAEs that have names: {@code models.json} and {@code saes.json} beside this class.
 *
 * <p>To add one, add a line there.
 */
public final class HubRegistry {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static List<KnownModel> models;
  private static List<KnownSaes> saes;

  private HubRegistry() {}

  /** All models, families together. */
  public static synchronized List<KnownModel> models() {
    if (models == null) {
      List<KnownModel> all = new ArrayList<>();
      for (JsonNode node : read("models.json").path("models")) {
        all.add(
            new KnownModel(
                text(node, "name"),
                texts(node.path("aliases")),
                texts(node.path("repositories")).stream().map(Repository::new).toList(),
                node.has("tokenizer") ? new Repository(text(node, "tokenizer")) : null,
                text(node, "about")));
      }
      models = List.copyOf(all);
    }
    return models;
  }

  /** All releases of SAEs, those of a model together. */
  public static synchronized List<KnownSaes> saes() {
    if (saes == null) {
      List<KnownSaes> all = new ArrayList<>();
      for (JsonNode node : read("saes.json").path("releases")) {
        all.add(
            new KnownSaes(
                text(node, "name"),
                texts(node.path("aliases")),
                text(node, "model"),
                node.has("repository") ? new Repository(text(node, "repository")) : null,
                text(node, "about"),
                node.path("elsewhere").asText(null),
                node.path("pages").asText(null),
                !node.path("filesNameNoSite").asBoolean(false),
                each(node.path("saes"))));
      }
      saes = List.copyOf(all);
    }
    return saes;
  }

  /** The model of a name, an alias or a repository. */
  public static Optional<KnownModel> model(String name) {
    return models().stream().filter(model -> model.isCalled(name)).findFirst();
  }

  /**
   * What tells models apart that files and people call in several ways: the name here of one that
   * is known, else the last part of what it is called.
   *
   * @param name any name, the name of a repository, or an address on the hub
   */
  public static String identity(String name) {
    String plain =
        HubAddress.isAddress(name) ? HubAddress.parse(name).repository().name() : name.strip();
    String last = plain.substring(plain.lastIndexOf('/') + 1);
    return model(plain)
        .or(() -> model(last))
        .or(() -> model(last.toLowerCase(Locale.ROOT)))
        .map(KnownModel::name)
        .orElse(last.toLowerCase(Locale.ROOT));
  }

  /** The release of a name or an alias. */
  public static Optional<KnownSaes> saes(String name) {
    return saes().stream().filter(release -> release.isCalled(name)).findFirst();
  }

  private static List<KnownSae> each(JsonNode list) {
    List<KnownSae> all = new ArrayList<>();
    for (JsonNode node : list) {
      Location at = Location.parse(text(node, "hook")).orElseThrow();
      all.add(
          new KnownSae(
              at,
              text(node, "path"),
              node.path("features").asInt(),
              node.path("l0").asDouble(Double.NaN)));
    }
    return all;
  }

  private static String text(JsonNode node, String key) {
    return node.required(key).asText();
  }

  private static List<String> texts(JsonNode list) {
    List<String> all = new ArrayList<>();
    list.forEach(one -> all.add(one.asText()));
    return all;
  }

  private static JsonNode read(String name) {
    try (InputStream in = HubRegistry.class.getResourceAsStream(name)) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
