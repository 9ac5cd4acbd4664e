package org.zlens.dsl.command.builtin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.BosRule;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.data.corpus.PromptFile;
import org.zlens.engine.io.FileHash;

/** {@code dataset file "prompts.jsonl"}: prompts that somebody wrote down. */
final class FileSource implements PromptSource {
  /** The file. */
  static final Parameter<String> FILE =
      Parameter.of("file", Types.STRING, "a file of JSON lines, each a prompt").optional();

  @Override
  public String word() {
    return "file";
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(FILE, BosRule.WITH, BosRule.WITHOUT);
  }

  @Override
  public Optional<Set<String>> labels() {
    return Optional.empty();
  }

  @Override
  public Optional<Boolean> answered() {
    return Optional.empty();
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (!arguments.has(FILE)) {
      throw new ZlensException(
          Kind.TYPE, "'dataset file' needs " + FILE.type().expected(), "dataset file \"a.jsonl\"");
    }
    if (arguments.isKnown(FILE)
        && !PromptFile.isNamed(forecast.files().input(arguments.get(FILE)))) {
      throw arguments.fault(
          FILE,
          Kind.TYPE,
          "expected a file of JSON lines, found " + Quoted.of(arguments.get(FILE)),
          "its name should end in .jsonl, perhaps with .gz or .zst behind");
    }
  }

  @Override
  public PromptSet draw(Draw draw) {
    String name = draw.arguments().get(FILE);
    Path path = draw.session().path(name);
    if (!Files.exists(path)) {
      throw draw.arguments().fault(FILE, Kind.DATA, "no file " + Quoted.of(name), null);
    }
    try {
      int context = Workbench.of(draw.session()).model().config().context();
      int most = draw.arguments().has(COUNT) ? draw.count() : Integer.MAX_VALUE;
      PromptSet set = PromptFile.read(path, draw.tokenizer(), draw.bos(), context, most);
      draw.session().addRead(new ProvenanceInput("prompts", name, FileHash.sha256(path)));
      return set;
    } catch (ZlensException e) {
      throw draw.arguments().fault(FILE, e.kind(), e.getMessage(), e.hint());
    }
  }

  @Override
  public String note(Draw draw) {
    return "file " + draw.arguments().get(FILE);
  }
}
