package org.zlens.dsl.command.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.SessionObject;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.runtime.Tensor;

/** Functions of Kotlin scripts over the values of a site, under the names that formulas use. */
public final class CurrentFunctions implements SessionObject {
  private final Map<String, UnaryOperator<Tensor>> functions = new HashMap<>();

  private CurrentFunctions() {}

  /**
   * Gives a function a name.
   *
   * @return the name, which no other function of the session has
   */
  public static String name(Session session, UnaryOperator<Tensor> function) {
    CurrentFunctions current = session.find(Slots.FUNCTIONS).orElseGet(CurrentFunctions::new);
    session.put(Slots.FUNCTIONS, current);
    String name = HookFormula.FOREIGN + (current.functions.size() + 1);
    current.functions.put(name, function);
    return name;
  }

  /** The function of a name; an exception of kind NAME if there is none. */
  public static UnaryOperator<Tensor> find(Session session, String name) {
    return session
        .find(Slots.FUNCTIONS)
        .map(current -> current.functions.get(name))
        .orElseThrow(
            () ->
                new ZlensException(
                    Kind.NAME,
                    "no function '" + name + "' in this session",
                    "hook(L2.site(\"z\")) { it.mul(0.5) } in Kotlin makes one"));
  }
}
