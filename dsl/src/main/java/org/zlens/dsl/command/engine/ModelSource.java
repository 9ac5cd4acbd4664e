package org.zlens.dsl.command.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.zlens.dsl.session.FileAccess;
import org.zlens.engine.hub.HubAddress;
import org.zlens.engine.hub.HubModel;
import org.zlens.engine.hub.HubModels;
import org.zlens.engine.hub.Snapshot;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.runtime.Progress;

/**
 * Where the model of a name comes from: inside this program, a folder, or the hub. A folder goes
 * before a name that the registry knows.
 */
public final class ModelSource {
  private static final String CONFIG = "config.json";

  private final String name;
  private final String revision;
  private final Path local;
  private final HubModels hub;
  private final Optional<HubModel> cached;

  private ModelSource(
      String name, String revision, Path local, HubModels hub, Optional<HubModel> cached) {
    this.name = name;
    this.revision = revision;
    this.local = local;
    this.hub = hub;
    this.cached = cached;
  }

  /**
   * Finds it; asks nobody.
   *
   * @param revision of a model on the hub, or null
   * @param update whether one in the cache will not do
   */
  public static ModelSource of(String name, String revision, boolean update, FileAccess files) {
    if (name.equals(ModelLoader.SPRIG)) {
      return new ModelSource(name, revision, Path.of(""), null, Optional.empty());
    }
    if (!HubAddress.isAddress(name)) {
      boolean known = HubModels.knows(name);
      Path folder = files.input(name);
      if (!known || Files.isRegularFile(folder.resolve(CONFIG))) {
        return new ModelSource(name, revision, folder, null, Optional.empty());
      }
    }
    HubModels hub = new HubModels(files.hub());
    Optional<HubModel> cached = update ? Optional.empty() : hub.cached(name, revision);
    if (cached.isEmpty() && files.hub().settings().offline()) {
      // This says that it is not there, and why it cannot be fetched.
      cached = Optional.of(hub.update(name, revision, Progress.NONE));
    }
    return new ModelSource(name, revision, null, hub, cached);
  }

  /** Whether it is on the hub. */
  public boolean isOnHub() {
    return hub != null;
  }

  /** Whether it can be read as it is, without being fetched. */
  public boolean isThere() {
    return name.equals(ModelLoader.SPRIG)
        || (hub == null ? Files.exists(local) : cached.isPresent());
  }

  /** The folder to read it from, which is there only if the model is. */
  public Path folder() {
    return hub == null ? local : cached.orElseThrow().folder();
  }

  /** The folder to read its tokenizer from. */
  public Path tokenizerFolder() {
    return hub == null ? local : cached.orElseThrow().tokenizerFolder();
  }

  /**
   * What the hub calls the tokenizer; null if that lies beside the model, or is none of the hub.
   */
  public Snapshot tokenizerOrNull() {
    return hub == null ? null : cached.orElseThrow().tokenizerOrNull();
  }

  /** The same model once it is there. */
  public ModelSource fetched(Progress progress) {
    return hub == null || cached.isPresent()
        ? this
        : new ModelSource(
            name, revision, null, hub, Optional.of(hub.update(name, revision, progress)));
  }

  /**
   * What the hub calls the files that a model was read from; null if it is not from there.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if the cache has not kept them as they
   *     were
   */
  public Snapshot intact(LanguageModel model) {
    if (hub == null) {
      return null;
    }
    HubModel files = cached.orElseThrow();
    files.requireIntact(model.sha256());
    return files.files();
  }
}
