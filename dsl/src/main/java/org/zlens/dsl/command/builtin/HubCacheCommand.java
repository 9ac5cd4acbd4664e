package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Capability;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.hub.CachedRevision;
import org.zlens.engine.hub.Hub;

/** {@code hub cache}: what of the hub is on this machine. */
public final class HubCacheCommand implements Command {
  private static final Signature SIGNATURE =
      Signature.verb("hub cache", Group.SET_UP, "list what of the hub is on this machine")
          .needs(Capability.READ_ELSEWHERE)
          .details(
              """
              The cache is that of huggingface_hub, which other programs fill too: the folder \
              that HF_HUB_CACHE names, or 'hub' in HF_HOME, or ~/.cache/huggingface/hub. Each \
              row is a repository at one commit, with the branches and tags that lead there.""")
          .result(ValueKind.TABLE)
          .example("hub cache", "what is there")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Hub hub = session.files().hub();
    Rows rows = new Rows("cache in " + hub.settings().cache());
    rows.texts("repository", "commit", "revisions").wholes("files").numbers("size");
    for (CachedRevision one : hub.contents()) {
      rows.text("repository", one.repository().name())
          .text("commit", one.commit())
          .text("revisions", String.join(", ", one.references()))
          .whole("files", one.files())
          .number("size", one.bytes() / 1e6, "MB");
    }
    return rows.table();
  }
}
