package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.zlens.dsl.command.Topic;
import org.zlens.dsl.session.Functions;
import org.zlens.engine.hook.Site;

/** The pages of help that are not about one verb. */
public final class Topics {
  private Topics() {}

  /** All topics in alphabetical order. */
  public static List<Topic> all() {
    return List.of(
        addresses(), expressions(), kotlin(), language(), positions(), sites(), strings());
  }

  private static Topic addresses() {
    return new Topic(
        "addresses",
        "what a model has, by layer, counted from 0 as in its files",
        List.of(
            List.of("L2", "a layer"),
            List.of("L0..L3", "layers 0 to 3"),
            List.of("L2.H5", "a head"),
            List.of("L2.F417", "a feature of the SAE on a layer's attention output"),
            List.of("L3.R1022", "a feature of the SAE on the residual stream before a block"),
            List.of("L2.error", "what that SAE misses; L2.resid_pre.error of the other one"),
            List.of("L2.z", "a hook site; see 'help sites'"),
            List.of("L2.H5.v", "that of one head"),
            List.of("L2.MLP", "the output of a layer's MLP, which is L2.mlp_out"),
            List.of("[L2.F417, L2.F3]", "a list of such")));
  }

  private static Topic positions() {
    return new Topic(
        "positions",
        "places in prompts; each prompt finds its own",
        List.of(
            List.of("S2", "where the data set or 'mark' has put this label"),
            List.of("S2+1", "the token after it; 'S2-1' is the one before"),
            List.of("\" Bob\"#2", "where this text stands for the second time"),
            List.of("7", "a token by number, from 0"),
            List.of("END", "the last token; 'END-1' is the one before"),
            List.of("ALL", "every token"),
            List.of("[S1, S2]", "several places"),
            List.of(
                "any S2",
                "the S2 of all prompts, in every prompt, as the code of the paper has it; 'at S2'"
                    + " is each prompt's own, as its text has it")));
  }

  private static Topic language() {
    return new Topic(
        "language",
        "statements end at a line's end or at ';'",
        List.of(
            List.of("VERB ARGUMENTS", "a command; 'help' lists the verbs"),
            List.of("a | b", "b works on the result of a; a line may start or end with '|'"),
            List.of("let name = ...", "gives a result a name, used as name or $name"),
            List.of("for x in [1, 2] { ... }", "statements for each of some values"),
            List.of("with ablate error L2 { ... }", "statements that see the model under an edit"),
            List.of("with steer ..., splice ... { ... }", "under several edits; blocks nest too"),
            List.of("param n = 100", "what 'run FILE with n = 3' can set; without '=', must"),
            List.of("include \"file.zl\"", "the values that another script names with 'let'"),
            List.of("last, $_", "the last result"),
            List.of("t.column", "a column of a table"),
            List.of("# text", "a comment, but after a string and before a digit a place"),
            List.of("`log odds`", "a name that is no plain word"),
            List.of("\"text\"", "a text, as it stands; see 'help strings'")));
  }

  private static Topic strings() {
    return new Topic(
        "strings",
        "texts, and texts that values are put into",
        List.of(
            List.of("\" Bob {x}\"", "a text; braces are braces"),
            List.of("\\n \\t \\r \\\" \\\\ \\u0041", "what a text writes with a backslash"),
            List.of("f\"{name}.json\"", "an f before it: a brace holds an expression of one value"),
            List.of("f\"{last.delta}\"", "a column's first cell; a number in up to seven digits"),
            List.of("f\"{x:.3f}\"", "three digits after the point"),
            List.of("f\"{x:.3e}\"", "with a power of ten"),
            List.of("f\"{x:.3g}\"", "three digits in all"),
            List.of("f\"{x:+.1%}\"", "in per cent, with its sign"),
            List.of("f\"{{x}}\"", "braces, doubled")));
  }

  private static Topic kotlin() {
    return new Topic(
        "kotlin",
        "lines at the prompt, and scripts in files that end in .zlens.kts",
        List.of(
            List.of("VERB ...", "a line that begins with a verb is a command"),
            List.of(
                "ablate(L2[417], S2)", "a verb before '(' is a Kotlin function; it gives a table"),
            List.of(
                "val best = ...", "so is what begins as Kotlin does: val, fun, class, if, import"),
            List.of(
                "40 + 2, t | top 3", "what the command language can read as a value stays with it"),
            List.of(
                "word word ...", "two words side by side are a command, perhaps a mistyped one"),
            List.of("anything else", "is Kotlin"),
            List.of(
                "L2[417], L2.R[5]", "features of the two SAEs of a layer; L2[3, 17] are several"),
            List.of("L2.H[5], L2.head(5)", "a head"),
            List.of(
                "S1, S2, IO, END, ALL", "places; label(\"X\"), token(7), \" Bob\" nth 2, S2 + 1"),
            List.of("S1 and S2", "several; list.together() for those of a list"),
            List.of("run(\"...\")", "statements as they stand; gives the value of the last one"),
            List.of("show(t), println(x)", "shows a value as commands do; prints a line"),
            List.of("args[\"n\"]", "what a script was started with: zlens run x.zlens.kts n=8"),
            List.of("let, val", "names of either language are known to the other"),
            List.of("reset kotlin", "forgets what Kotlin lines have declared")));
  }

  private static Topic expressions() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("or, and, not", "conditions, from the loosest to the tightest"));
    rows.add(List.of("= != < <= > >=", "comparisons of numbers and of texts"));
    rows.add(List.of("+ - * / %", "arithmetic; put blanks around a '-' between names"));
    rows.add(List.of("0..5", "the whole numbers from 0 to 5"));
    Functions.ALL.values().forEach(f -> rows.add(Arrays.asList(f.split(": ", 2))));
    return new Topic("expressions", "what 'where', 'sort by' and 'expect' work out", rows);
  }

  private static Topic sites() {
    return new Topic(
        "sites",
        "hook sites, by short and by full name; 'sites' lists the shapes in a model",
        Arrays.stream(Site.values())
            .map(
                site ->
                    List.of(
                        (site.inBlock() ? "L2." : "") + site.shortName(),
                        site.template().replace("{}", "2")))
            .toList());
  }
}
