package org.zlens.dsl.command.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Lexer;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Span;
import org.zlens.dsl.syntax.Token;
import org.zlens.dsl.syntax.TokenKind;
import org.zlens.engine.hub.HubRegistry;
import org.zlens.engine.hub.KnownModel;
import org.zlens.engine.hub.KnownSaes;

/** Names that the registry of the hub knows, as they are typed, with what they mean. */
public final class HubNames {
  private HubNames() {}

  /** Names of models. */
  public static List<String> ofModels() {
    return HubRegistry.models().stream().map(KnownModel::name).toList();
  }

  /** Names of models, in quotes where they need some. */
  public static Map<String, String> models() {
    Map<String, String> names = new LinkedHashMap<>();
    HubRegistry.models().forEach(model -> names.put(typed(model.name()), model.about()));
    return names;
  }

  /** Names of releases of SAEs. */
  public static List<String> ofSaes() {
    return HubRegistry.saes().stream().map(KnownSaes::name).toList();
  }

  /** Names of releases of SAEs, in quotes where they need some. */
  public static Map<String, String> saes() {
    Map<String, String> names = new LinkedHashMap<>();
    HubRegistry.saes()
        .forEach(saes -> names.put(typed(saes.name()), saes.model() + ": " + saes.about()));
    return names;
  }

  private static String typed(String name) {
    List<Token> tokens = Lexer.lex(name);
    boolean word = tokens.size() == 2 && tokens.get(0).kind() == TokenKind.WORD;
    return word ? name : Printer.print(new Expression.Text(new Span(0, 0), name));
  }
}
