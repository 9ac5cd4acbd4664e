package org.zlens.dsl.session;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.zlens.dsl.syntax.Span;
import org.zlens.dsl.syntax.Stage;
import org.zlens.dsl.syntax.Statement;

/**
 * The calls of a statement that a transcript shall hold in another form, so that they do for ever
 * what they do now. A call that runs several times and means another thing each time, as in a loop
 * over models, stays as it was written.
 */
final class Pins {
  private static final Span NOWHERE = new Span(0, 0);

  private final Map<Stage.Call, Stage.Call> pinned = new IdentityHashMap<>();

  /** Pins the first call of a statement that runs. */
  void pin(Statement running, UnaryOperator<Stage.Call> how) {
    Statement.Pipeline pipeline =
        running instanceof Statement.Let let
            ? let.pipeline()
            : running instanceof Statement.Pipeline own ? own : null;
    if (pipeline != null && pipeline.stages().get(0) instanceof Stage.Call call) {
      Stage.Call now = how.apply(call);
      Stage.Call before = pinned.putIfAbsent(call, now);
      if (before != null && !before.equals(now)) {
        pinned.put(call, call);
      }
    }
  }

  /** A statement with its pinned calls; itself if it has none. */
  Statement in(Statement written) {
    if (written instanceof Statement.Pipeline pipeline) {
      return in(pipeline);
    }
    if (written instanceof Statement.Let let) {
      Statement.Pipeline own = in(let.pipeline());
      return own == let.pipeline()
          ? let
          : new Statement.Let(NOWHERE, let.nameSpan(), let.name(), own);
    }
    if (written instanceof Statement.For loop) {
      List<Statement> body = in(loop.body());
      return body == loop.body()
          ? loop
          : new Statement.For(NOWHERE, loop.nameSpan(), loop.name(), loop.values(), body);
    }
    if (written instanceof Statement.With with) {
      List<Statement> body = in(with.body());
      return body == with.body() ? with : new Statement.With(NOWHERE, with.edits(), body);
    }
    return written;
  }

  private Statement.Pipeline in(Statement.Pipeline pipeline) {
    if (!(pipeline.stages().get(0) instanceof Stage.Call call)) {
      return pipeline;
    }
    Stage.Call now = pinned.getOrDefault(call, call);
    if (now == call) {
      return pipeline;
    }
    List<Stage> stages = new ArrayList<>(pipeline.stages());
    stages.set(0, now);
    return new Statement.Pipeline(NOWHERE, stages);
  }

  private List<Statement> in(List<Statement> body) {
    List<Statement> now = body.stream().map(this::in).toList();
    for (int i = 0; i < now.size(); i++) {
      if (now.get(i) != body.get(i)) {
        return now;
      }
    }
    return body;
  }
}
