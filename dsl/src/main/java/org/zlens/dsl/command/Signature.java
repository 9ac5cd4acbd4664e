package org.zlens.dsl.command;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.zlens.dsl.session.ValueKind;

/** What a command is called, takes and gives: help, completion and checks are derived from it. */
public final class Signature {
  private final String verb;
  private final Group group;
  private final String summary;
  private final String details;
  private final List<Parameter<?>> parameters;
  private final List<Parameter<?>> places;
  private final List<String> words;
  private final List<List<Parameter<?>>> alternatives;
  private final Set<ValueKind> input;
  private final boolean inputOptional;
  private final ValueKind result;
  private final List<String> columns;
  private final boolean passes;
  private final boolean quiet;
  private final boolean interactive;
  private final Set<Capability> needs;
  private final boolean varying;
  private final boolean pure;
  private final Parameter<BoundStatement.Pipeline> quoted;
  private final List<Example> examples;

  private Signature(Builder builder) {
    this.verb = builder.verb;
    this.group = builder.group;
    this.summary = builder.summary;
    this.details = builder.details;
    this.parameters = List.copyOf(builder.parameters);
    this.places = parameters.stream().filter(p -> p.word() == null).toList();
    this.words = parameters.stream().map(Parameter::word).filter(Objects::nonNull).toList();
    this.alternatives = List.copyOf(builder.alternatives);
    this.input = Set.copyOf(builder.input);
    this.inputOptional = builder.inputOptional;
    this.result = builder.result;
    this.columns = List.copyOf(builder.columns);
    this.passes = builder.passes;
    this.quiet = builder.quiet;
    this.interactive = builder.interactive;
    this.needs = Set.copyOf(builder.needs);
    this.varying = builder.varying;
    this.pure = builder.pure;
    this.quoted = builder.quoted;
    this.examples = List.copyOf(builder.examples);
  }

  /** Starts a signature; a verb may be two words, such as {@code train sae}. */
  public static Builder verb(String verb, Group group, String summary) {
    return new Builder(verb, group, summary);
  }

  public String verb() {
    return verb;
  }

  public Group group() {
    return group;
  }

  /** What it does, in one line. */
  public String summary() {
    return summary;
  }

  /** What else there is to know, or an empty text. */
  public String details() {
    return details;
  }

  public List<Parameter<?>> parameters() {
    return parameters;
  }

  /** The parameters that no word introduces, in their order. */
  List<Parameter<?>> places() {
    return places;
  }

  /** Sets of parameters of which exactly one must be given. */
  public List<List<Parameter<?>>> alternatives() {
    return alternatives;
  }

  /** The kinds that it takes from a pipe; none if it takes nothing. */
  public Set<ValueKind> input() {
    return input;
  }

  /** Whether it also works without a value from a pipe, and then does not take the last result. */
  public boolean isInputOptional() {
    return inputOptional;
  }

  /** The kind of its result. */
  public ValueKind result() {
    return result;
  }

  /** The columns of its result, where they are always the same; else empty. */
  public Optional<List<String>> columns() {
    return columns.isEmpty() ? Optional.empty() : Optional.of(columns);
  }

  /** Whether its result is what came in. */
  public boolean passes() {
    return passes;
  }

  /** Whether its result is not shown. */
  public boolean isQuiet() {
    return quiet;
  }

  /** Whether it is of use to someone at a prompt only. */
  public boolean isInteractive() {
    return interactive;
  }

  /** Whether its result differs from run to run by its nature, so that no replay compares it. */
  public boolean isVarying() {
    return varying;
  }

  /**
   * Whether its value hangs on nothing but its arguments, its input, and the objects and settings
   * of the session, and it changes none of them; then the value may come from the cache.
   */
  public boolean isPure() {
    return pure;
  }

  /** The parameter that takes the rest of the statement, which is checked and not run; or null. */
  Parameter<BoundStatement.Pipeline> quoted() {
    return quoted;
  }

  /** What it does beyond looking at the session. */
  public Set<Capability> needs() {
    return needs;
  }

  public List<Example> examples() {
    return examples;
  }

  /** The words that introduce arguments, and the flags. */
  public List<String> words() {
    return words;
  }

  /** One line such as {@code top [COUNT] by EXPRESSION [lowest]}. */
  public String usage() {
    StringBuilder out = new StringBuilder(verb);
    Set<Parameter<?>> written = new HashSet<>();
    for (Parameter<?> parameter : parameters) {
      if (!written.add(parameter)) {
        continue;
      }
      List<Parameter<?>> set =
          alternatives.stream().filter(a -> a.contains(parameter)).findFirst().orElse(null);
      if (set == null) {
        out.append(' ').append(parameter.usage());
      } else {
        written.addAll(set);
        String all =
            set.stream()
                .map(p -> p.usage().replaceAll("^\\[|\\]$", ""))
                .collect(Collectors.joining(" | "));
        out.append(" (").append(all).append(')');
      }
    }
    return out.toString();
  }

  /** Collects what a signature says. */
  public static final class Builder {
    private final String verb;
    private final Group group;
    private final String summary;
    private String details = "";
    private final List<Parameter<?>> parameters = new ArrayList<>();
    private final List<List<Parameter<?>>> alternatives = new ArrayList<>();
    private final Set<ValueKind> input = EnumSet.noneOf(ValueKind.class);
    private boolean inputOptional;
    private ValueKind result = ValueKind.NOTHING;
    private final List<String> columns = new ArrayList<>();
    private boolean passes;
    private boolean quiet;
    private boolean interactive;
    private boolean varying;
    private boolean pure;
    private Parameter<BoundStatement.Pipeline> quoted;
    private final Set<Capability> needs = EnumSet.noneOf(Capability.class);
    private final List<Example> examples = new ArrayList<>();

    private Builder(String verb, Group group, String summary) {
      if (summary.length() > 80) {
        throw new IllegalArgumentException("the summary of " + verb + " is over 80 characters");
      }
      this.verb = verb;
      this.group = group;
      this.summary = summary;
    }

    /** More than the summary says, in whole sentences. */
    public Builder details(String text) {
      details = text;
      return this;
    }

    public Builder parameters(Parameter<?>... some) {
      parameters.addAll(List.of(some));
      return this;
    }

    /** Exactly one of these must be given; each should be optional. */
    public Builder oneOf(Parameter<?>... some) {
      parameters.addAll(List.of(some));
      alternatives.add(List.of(some));
      return this;
    }

    /** It works on a value of one of these kinds: from the pipe, else the last result. */
    public Builder input(ValueKind... kinds) {
      input.addAll(List.of(kinds));
      return this;
    }

    /** It can take a value from a pipe, and does without where there is none. */
    public Builder optionalInput(ValueKind... kinds) {
      inputOptional = true;
      return input(kinds);
    }

    public Builder result(ValueKind kind) {
      result = kind;
      return this;
    }

    /** The columns that the table that it gives always has, in their order. */
    public Builder columns(String... names) {
      columns.addAll(List.of(names));
      return this;
    }

    /** Its result is its input, which is not shown again. */
    public Builder passesInput() {
      passes = true;
      quiet = true;
      return this;
    }

    /** It is listed and completed at a prompt, and works in scripts too. */
    public Builder interactive() {
      interactive = true;
      return this;
    }

    /**
     * Its value hangs on nothing but its arguments, its input, and the objects and settings of the
     * session, and it changes none of them and says nothing beside its value.
     */
    public Builder pure() {
      pure = true;
      return this;
    }

    /** It takes the rest of the statement, with its pipes, and does not run it. */
    public Builder quotes(Parameter<BoundStatement.Pipeline> parameter) {
      quoted = parameter;
      return parameters(parameter);
    }

    /** Its result tells of times or places that differ from run to run. */
    public Builder varies() {
      varying = true;
      return this;
    }

    /** It does more than look at the session, which {@code --safe} refuses. */
    public Builder needs(Capability... some) {
      needs.addAll(List.of(some));
      return this;
    }

    public Builder example(String script, String says) {
      examples.add(new Example(script, says));
      return this;
    }

    public Signature build() {
      return new Signature(this);
    }
  }
}
