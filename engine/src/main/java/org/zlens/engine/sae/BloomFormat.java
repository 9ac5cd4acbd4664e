package org.zlens.engine.sae;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.io.FileDigest;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.io.TorchArchive;

/**
 * Bloom's first residual SAEs: one pickle {@code {"cfg": an object, "state_dict": tensors}}. The
 * class of the object is not looked up; its attributes are the settings, with the oldest names.
 */
public final class BloomFormat implements SaeFormat {
  @Override
  public String description() {
    return "a file NAME.pt with 'cfg' and 'state_dict' in it (Bloom's residual SAEs)";
  }

  @Override
  public boolean matches(Path path) {
    return path.getFileName() != null
        && path.getFileName().toString().endsWith(".pt")
        && Files.isRegularFile(path);
  }

  @Override
  public SaeWeights open(Path path, String hookName) {
    try (TorchArchive file = TorchArchive.open(path)) {
      JsonNode tree = file.tree();
      if (!(tree.get("cfg") instanceof ObjectNode object) || !tree.has("state_dict")) {
        throw DataFault.in(
            path,
            "is not an SAE: it has neither a _cfg.json beside it nor 'cfg' and 'state_dict' inside",
            "the paper's SAEs come as NAME.pt with NAME_cfg.json");
      }
      object.remove("__class__");
      JsonSettings cfg = JsonSettings.of(path, object);
      SaeLensSettings settings = SaeLensSettings.older(cfg, "bloom-pickle");
      if (settings.averageNorm()) {
        throw DataFault.in(path, "normalises its inputs by a factor that is not in the file");
      }
      SaeTensors tensors = new SaeTensors(file, "state_dict.");
      return SaeLensFormat.read(cfg, path, settings, tensors, hookName)
          .finish(path, FileDigest.of(path), 1, new float[0]);
    }
  }
}
