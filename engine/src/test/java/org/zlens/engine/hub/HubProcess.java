package org.zlens.engine.hub;

import java.net.URI;
import java.nio.file.Path;
import org.zlens.engine.runtime.Progress;

/** A process of its own that fetches one model and says where it is. */
final class HubProcess {
  private HubProcess() {}

  public static void main(String[] arguments) {
    HubSettings settings =
        new HubSettings(
            URI.create(arguments[0]), Path.of(arguments[1]), null, false, Patience.USUAL);
    Snapshot snapshot =
        new Hub(settings).fetch(HubAddress.parse(arguments[2]), new ModelFiles(), Progress.NONE);
    System.out.println(snapshot.folder());
  }
}
