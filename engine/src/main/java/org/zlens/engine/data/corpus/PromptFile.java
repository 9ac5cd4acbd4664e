package org.zlens.engine.data.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.ZlensException;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.tokenizer.Tokenizer;

/**
 * Prompts in a file of JSON lines, one object a line; see {@link PromptLine} for its keys.
 *
 * <p>Files may be hostile: lines, prompts, tokens, labels and tags are bounded, and whatever is
 * wrong with a line is an error that gives its number.
 */
public final class PromptFile {
  /** Most prompts that are read. */
  public static final int MOST_PROMPTS = 100_000;

  private static final int MOST_TOKENS = 10_000_000;
  private static final JsonMapper JSON = JsonLinesDocuments.strict();

  private PromptFile() {}

  /** Whether a file of this name can hold prompts; nothing is opened. */
  public static boolean isNamed(Path path) {
    return path.getFileName() != null
        && CorpusFile.byName(path)
            .map(kind -> kind.format() == CorpusFile.Format.JSONL)
            .orElse(false);
  }

  /**
   * Reads the prompts; lines of blanks are left out.
   *
   * @param prependBos whether a beginning-of-text token goes in front of texts
   * @param context tokens that the model takes; a longer prompt is an error
   * @param most prompts to read; what stands behind them is not looked at
   * @throws ZlensException of kind DATA, with the file and the line
   */
  public static PromptSet read(
      Path path, Tokenizer tokenizer, boolean prependBos, int context, int most) {
    CorpusFile file = CorpusFile.of(path);
    if (file.format() != CorpusFile.Format.JSONL) {
      throw DataFault.in(path, "holds no JSON lines", "prompts stand in .jsonl files");
    }
    PromptLine reader = new PromptLine(tokenizer, prependBos, context);
    List<Prompt> prompts = new ArrayList<>();
    long tokens = 0;
    try (BoundedLines lines = file.lines()) {
      for (String line = lines.next(); line != null && prompts.size() < most; line = lines.next()) {
        if (line.isBlank()) {
          continue;
        }
        if (prompts.size() == MOST_PROMPTS) {
          throw lines.fault("is one prompt more than the " + MOST_PROMPTS + " that are read", null);
        }
        Prompt prompt = prompt(reader, line, lines);
        tokens += prompt.tokens().size();
        if (tokens > MOST_TOKENS) {
          throw lines.fault("brings the prompts above " + MOST_TOKENS + " tokens", null);
        }
        prompts.add(prompt);
      }
    }
    if (prompts.isEmpty()) {
      throw DataFault.in(path, "holds no prompt");
    }
    return new PromptSet(path.getFileName().toString(), prompts);
  }

  private static Prompt prompt(PromptLine reader, String line, BoundedLines lines) {
    try {
      JsonNode node = JSON.readTree(line);
      if (node instanceof ObjectNode object) {
        return reader.prompt(object);
      }
      throw lines.fault("is not a JSON object", PromptLine.EXAMPLE);
    } catch (JsonProcessingException e) {
      throw lines.fault("is not valid JSON", null);
    } catch (PromptLine.Wrong wrong) {
      throw lines.fault(wrong.getMessage(), wrong.hint());
    }
  }
}
