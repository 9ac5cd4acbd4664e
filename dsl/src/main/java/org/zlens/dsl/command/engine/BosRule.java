package org.zlens.dsl.command.engine;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.tokenizer.Tokenizer;

/**
 * Whether a beginning-of-text token goes in front of texts: as the command says, else the setting
 * 'bos', else the model's own rule.
 */
public final class BosRule {
  /** The token is put in front, whatever the setting and the model say. */
  public static final Parameter<Boolean> WITH =
      Parameter.flag("bos", "a beginning-of-text token in front, whatever the model's own rule is");

  /** No token is put in front. */
  public static final Parameter<Boolean> WITHOUT =
      Parameter.flag("nobos", "no beginning-of-text token in front");

  private BosRule() {}

  /** Refuses both at once. */
  public static void check(Arguments arguments) {
    if (arguments.has(WITH) && arguments.has(WITHOUT)) {
      throw arguments.fault(
          WITHOUT, Kind.USAGE, "'bos' and 'nobos' say opposite things", "keep one of them");
    }
  }

  /** The rule for texts of a command that has both flags. */
  public static boolean of(Arguments arguments, Session session, Tokenizer tokenizer) {
    if (arguments.get(WITHOUT)) {
      return false;
    }
    if (arguments.get(WITH) && !tokenizer.hasBos()) {
      throw arguments.fault(
          WITH, Kind.DATA, "this model knows no beginning-of-text token", "leave 'bos' out");
    }
    return arguments.get(WITH) || of(session, tokenizer);
  }

  /** The rule where the command says nothing. */
  public static boolean of(Session session, Tokenizer tokenizer) {
    String setting = session.settings().get(Settings.BOS);
    if (setting.equals("on") && !tokenizer.hasBos()) {
      throw new ZlensException(
          Kind.DATA,
          "the setting 'bos' is on, but this model knows no beginning-of-text token",
          "set bos auto");
    }
    return setting.equals("on") || setting.equals("auto") && tokenizer.prependsBos();
  }

  /** The rule of a tokenizer in words, to print below a model. */
  public static String note(Tokenizer tokenizer) {
    if (!tokenizer.hasBos()) {
      return "texts: nothing goes in front (the vocabulary has no beginning-of-text token)";
    }
    String token = "'" + tokenizer.piece(tokenizer.bosId()) + "' (" + tokenizer.bosId() + ")";
    return tokenizer.prependsBos()
        ? "texts: " + token + " goes in front"
        : "texts: nothing goes in front, as the model was trained; 'bos' puts " + token + " there";
  }
}
