package org.zlens.dsl.syntax;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address in a model as it is written: a layer, a head, a feature, an error term, or a hook site
 * by name.
 *
 * <p>Whether a model has it is not known here; indices are those of the model's and SAE's files.
 */
public sealed interface Address {
  /** The address as a script writes it. */
  String text();

  /** The layer that it lies in, if it names one. */
  OptionalInt layer();

  /** A whole layer: {@code L5}. */
  record Layer(int index) implements Address {
    @Override
    public String text() {
      return "L" + index;
    }

    @Override
    public OptionalInt layer() {
      return OptionalInt.of(index);
    }
  }

  /** A head: {@code L5.H1}. */
  record Head(int in, int index) implements Address {
    @Override
    public String text() {
      return "L" + in + ".H" + index;
    }

    @Override
    public OptionalInt layer() {
      return OptionalInt.of(in);
    }
  }

  /** A feature of the attention-output SAE of a layer: {@code L5.F44256}. */
  record Feature(int in, int index) implements Address {
    @Override
    public String text() {
      return "L" + in + ".F" + index;
    }

    @Override
    public OptionalInt layer() {
      return OptionalInt.of(in);
    }
  }

  /** A feature of the residual SAE before a block: {@code L9.R16927}. */
  record ResidualFeature(int in, int index) implements Address {
    @Override
    public String text() {
      return "L" + in + ".R" + index;
    }

    @Override
    public OptionalInt layer() {
      return OptionalInt.of(in);
    }
  }

  /** A site of one head: {@code L5.H1.z}. */
  record HeadSite(int in, int index, String site) implements Address {
    @Override
    public String text() {
      return "L" + in + ".H" + index + "." + site;
    }

    @Override
    public OptionalInt layer() {
      return OptionalInt.of(in);
    }
  }

  /**
   * What an SAE misses: {@code L5.error} or {@code L5.z.error} of the attention SAE of a layer,
   * {@code L5.resid_pre.error} of the residual SAE before it.
   */
  record ErrorTerm(int in, boolean residual) implements Address {
    @Override
    public String text() {
      return "L" + in + (residual ? ".resid_pre" : "") + ".error";
    }

    @Override
    public OptionalInt layer() {
      return OptionalInt.of(in);
    }
  }

  /** A hook site, in its short or its full name: {@code L5.z}, {@code blocks.5.attn.hook_z}. */
  record Site(String text, OptionalInt layer) implements Address {}

  /** Reads an address. Throws {@link NumberFormatException} when an index is beyond an int. */
  static Address parse(String text) {
    Matcher part = Patterns.PART.matcher(text);
    if (part.matches()) {
      int layer = Integer.parseInt(part.group(1));
      if (part.group(2) == null) {
        return new Layer(layer);
      }
      int index = Integer.parseInt(part.group(3));
      return switch (part.group(2)) {
        case "H" -> new Head(layer, index);
        case "F" -> new Feature(layer, index);
        default -> new ResidualFeature(layer, index);
      };
    }
    Matcher head = Patterns.HEAD_SITE.matcher(text);
    if (head.matches()) {
      return new HeadSite(
          Integer.parseInt(head.group(1)), Integer.parseInt(head.group(2)), head.group(3));
    }
    Matcher error = Patterns.ERROR.matcher(text);
    if (error.matches()) {
      return new ErrorTerm(Integer.parseInt(error.group(1)), ".resid_pre".equals(error.group(2)));
    }
    Matcher inside = Patterns.INSIDE.matcher(text);
    return new Site(
        text,
        inside.lookingAt()
            ? OptionalInt.of(Integer.parseInt(inside.group(1)))
            : OptionalInt.empty());
  }

  /** The shapes of addresses. */
  final class Patterns {
    private static final Pattern PART = Pattern.compile("L([0-9]+)(?:\\.([HFR])([0-9]+))?");
    private static final Pattern HEAD_SITE = Pattern.compile("L([0-9]+)\\.H([0-9]+)\\.(.+)");
    private static final Pattern ERROR = Pattern.compile("L([0-9]+)(\\.z|\\.resid_pre)?\\.error");
    private static final Pattern INSIDE = Pattern.compile("(?:L|blocks\\.)([0-9]+)\\.");

    private Patterns() {}
  }
}
