package org.zlens.engine.train;

import java.nio.file.Path;
import java.util.Map;
import org.zlens.engine.hook.Location;
import org.zlens.engine.model.LanguageModel;

/**
 * All that decides a training of SAEs, and where it goes.
 *
 * @param recipes one for each site
 * @param rowLength tokens of a row
 * @param vectors that each SAE is trained on
 * @param workers threads, of which each SAE has one at a time
 * @param folder where SAEs, checkpoint and page go
 * @param checkpointEvery steps between checkpoints; 0 for none but when it is interrupted
 * @param notes what the SAEs' files say of how they came to be, such as the text
 */
public record SaeJob(
    LanguageModel model,
    Map<Location, SaeRecipe> recipes,
    SaeFeed feed,
    int rowLength,
    long vectors,
    int workers,
    Path folder,
    int checkpointEvery,
    Map<String, String> notes) {
  /** The checkpoint of a training in a folder. */
  public static Path checkpoint(Path folder) {
    return folder.resolve("checkpoint.safetensors");
  }

  /** Where the SAE of a site goes. */
  public Path folder(Location at) {
    return folder.resolve(at.canonical());
  }
}
