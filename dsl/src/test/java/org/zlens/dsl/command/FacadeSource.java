package org.zlens.dsl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.zlens.dsl.session.ValueKind;

/**
 * Writes the functions of the Kotlin facade from the signatures of the verbs: an overload for each
 * of several alternatives, and for each type that a verb takes from a pipe.
 */
final class FacadeSource {
  private static final int WIDTH = 100;

  /** Verbs whose name means something else in Kotlin. */
  private static final Map<String, String> NAMES = Map.of("run", "runScript");

  private static final Set<String> KEYWORDS =
      Set.of("as", "do", "for", "fun", "if", "in", "is", "null", "object", "this", "val", "var");

  /** How a parameter of a function is declared, and what is done with it. */
  private record Slot(String declaration, String call) {}

  private FacadeSource() {}

  /** The name of the file for a group. */
  static String file(Group group) {
    StringBuilder name = new StringBuilder();
    for (String word : group.title().split(" ")) {
      name.append(capital(word));
    }
    return name + "Verbs.kt";
  }

  /** The Kotlin source of a group's verbs, formatted as the build wants it. */
  static String of(Registry registry, Group group) {
    StringBuilder out = new StringBuilder();
    out.append("// Made from the signatures of the verbs; ReferenceTest makes it anew.\n");
    out.append("package org.zlens.dsl.kotlin\n\n");
    out.append("import org.zlens.dsl.session.*\n");
    out.append("import tech.tablesaw.api.Table\n");
    for (Command command : registry.all(group)) {
      verb(command.signature(), out);
    }
    return out.toString();
  }

  private static void verb(Signature signature, StringBuilder out) {
    List<String> receivers = new ArrayList<>();
    if (signature.input().isEmpty() || signature.isInputOptional()) {
      receivers.add("");
    }
    if (signature.input().contains(ValueKind.TABLE) || signature.input().contains(ValueKind.ANY)) {
      receivers.add("Table");
    }
    if (!signature.input().isEmpty()) {
      receivers.add("Value");
    }
    for (String receiver : receivers) {
      if (signature.alternatives().isEmpty()) {
        function(signature, receiver, null, out);
      }
      for (Parameter<?> chosen : chosen(signature)) {
        function(signature, receiver, chosen, out);
      }
    }
  }

  private static List<Parameter<?>> chosen(Signature signature) {
    return signature.alternatives().isEmpty() ? List.of() : signature.alternatives().get(0);
  }

  private static void function(
      Signature signature, String receiver, Parameter<?> chosen, StringBuilder out) {
    List<Parameter<?>> parameters = new ArrayList<>(signature.parameters());
    parameters.removeAll(chosen(signature));
    List<Parameter<?>> order = new ArrayList<>();
    if (chosen != null) {
      order.add(chosen);
    }
    parameters.stream().filter(p -> p.isRequired() && p != chosen).forEach(order::add);
    parameters.stream().filter(p -> !p.isRequired() && !p.isFlag()).forEach(order::add);
    parameters.stream().filter(p -> !p.isRequired() && p.isFlag()).forEach(order::add);
    List<Slot> slots = order.stream().distinct().map(p -> slot(p, p == chosen)).toList();

    out.append("\n/** ").append(capital(signature.summary())).append(". */\n");
    String name = name(signature.verb());
    if (chosen != null) {
      out.append("@JvmName(\"").append(name).append(capital(parameterName(chosen))).append("\")\n");
    }
    String head = "fun " + (receiver.isEmpty() ? "" : receiver + ".") + name + "(";
    List<String> declarations = slots.stream().map(Slot::declaration).toList();
    String line = head + String.join(", ", declarations) + ")";
    out.append(
        line.length() < WIDTH - 20
            ? line
            : head + "\n  " + String.join(",\n  ", declarations) + ",\n)");
    String result = result(signature);
    boolean passes = signature.passes() && !receiver.isEmpty();
    String type = passes ? receiver : type(signature.result());
    out.append(type.isEmpty() ? " {\n" : ": " + type + " {\n");
    StringBuilder call = new StringBuilder("Verb(\"" + signature.verb() + "\"");
    call.append(receiver.isEmpty() ? ")" : ", this)");
    order.stream().distinct().filter(p -> p.word() == null).forEach(p -> call(p, chosen, call));
    order.stream().distinct().filter(p -> p.word() != null).forEach(p -> call(p, chosen, call));
    if (passes) {
      out.append("  ").append(call).append(".value()\n  return this\n}\n");
    } else if (type.isEmpty()) {
      out.append("  ").append(call).append(".value()\n}\n");
    } else {
      String whole = "  return " + call + "." + result + "()";
      out.append(whole.length() <= WIDTH ? whole : whole.replace(").", ")\n    ."));
      out.append("\n}\n");
    }
  }

  private static void call(Parameter<?> parameter, Parameter<?> chosen, StringBuilder out) {
    out.append(slot(parameter, parameter == chosen).call());
  }

  private static Slot slot(Parameter<?> parameter, boolean chosen) {
    String name = parameterName(parameter);
    if (parameter.isFlag()) {
      String initial = chosen ? "" : " = false";
      return new Slot(
          name + ": Boolean" + initial, ".flag(\"" + parameter.word() + "\", " + name + ")");
    }
    ArgumentForm form = parameter.type().form();
    boolean several = parameter.isMany() || parameter.type().isList();
    String type = form.type();
    if (several) {
      type = form.isSeveral() ? "Several<" + type + ">" : "List<" + type + ">";
    }
    boolean required = parameter.isRequired() || chosen;
    String declaration = name + ": " + type + (required ? "" : "? = null");
    String word = parameter.word() == null ? "null" : "\"" + parameter.word() + "\"";
    String call;
    if (form == ArgumentForm.LANGUAGE) {
      call =
          parameter.isMany()
              ? ".languages(" + word + ", " + name + ")"
              : ".language(" + word + ", " + name + ")";
    } else if (parameter.isMany()) {
      call = ".many(" + word + ", " + name + ")";
    } else if (parameter.type().isList()) {
      call = ".list(" + word + ", " + name + ")";
    } else if (parameter.word() == null) {
      call = ".argument(" + name + ")";
    } else {
      call = ".after(" + word + ", " + name + ")";
    }
    return new Slot(declaration, call);
  }

  private static String type(ValueKind kind) {
    return switch (kind) {
      case TABLE -> "Table";
      case TREE -> "TreeValue";
      case GRAPH -> "GraphValue";
      case TENSOR -> "TensorValue";
      case NUMBER -> "Double";
      case TEXT -> "String";
      case PROMPTS -> "PromptSetValue";
      case PAGE -> "PageValue";
      case NOTHING -> "";
      default -> "Any?";
    };
  }

  private static String result(Signature signature) {
    return switch (signature.result()) {
      case TABLE -> "table";
      case TREE -> "tree";
      case GRAPH -> "graph";
      case TENSOR -> "tensors";
      case NUMBER -> "number";
      case TEXT -> "text";
      case PROMPTS -> "prompts";
      case PAGE -> "page";
      default -> "any";
    };
  }

  private static String name(String verb) {
    return NAMES.getOrDefault(verb, camel(verb));
  }

  private static String parameterName(Parameter<?> parameter) {
    String name = camel(parameter.word() == null ? parameter.name() : parameter.word());
    return KEYWORDS.contains(name) ? "`" + name + "`" : name;
  }

  private static String camel(String words) {
    StringBuilder out = new StringBuilder();
    for (String word : words.split("[^A-Za-z0-9]+")) {
      out.append(out.isEmpty() ? word : capital(word));
    }
    return out.toString();
  }

  private static String capital(String word) {
    String plain = word.replace("`", "");
    return plain.substring(0, 1).toUpperCase(Locale.ROOT) + plain.substring(1);
  }
}
