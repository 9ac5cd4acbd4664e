package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.runtime.Torch;

/** {@code device}: what the numbers are computed on. */
public final class DeviceCommand implements Command {
  private static final Signature SIGNATURE =
      Signature.verb("device", Group.SET_UP, "say what the numbers are computed on")
          .details(
              """
              The native library decides: it takes a GPU where it was built for one and finds one, \
              else the processor. 'set threads' changes how many threads one operation uses.""")
          .result(ValueKind.TABLE)
          .example("device", "the device, its threads and the native library")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    return new Rows("device")
        .text("device", Torch.device())
        .whole("threads", Torch.threads())
        .whole("processors", Runtime.getRuntime().availableProcessors())
        .text("library", "libtorch " + Torch.version())
        .table();
  }
}
