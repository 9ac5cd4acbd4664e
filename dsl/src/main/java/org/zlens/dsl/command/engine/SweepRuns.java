package org.zlens.dsl.command.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.SessionObject;
import org.zlens.engine.plan.Plan;

/** What the sweeps of a session took in the end, for whoever asks what the same would take. */
public final class SweepRuns implements SessionObject {
  private static final int MOST = 256;

  private final Map<Object, Took> byWork =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Took> eldest) {
          return size() > MOST;
        }
      };

  /**
   * Time and memory of a sweep.
   *
   * @param bytes most memory that its process took on; -1 where the system does not tell
   */
  public record Took(double seconds, long bytes) {}

  private SweepRuns() {}

  /** Those of a session. */
  public static SweepRuns of(Session session) {
    return session
        .find(Slots.SWEEPS)
        .orElseGet(
            () -> {
              SweepRuns none = new SweepRuns();
              session.put(Slots.SWEEPS, none);
              return none;
            });
  }

  @Override
  public boolean shapesResults() {
    return false;
  }

  void add(Plan plan, Took took) {
    byWork.put(work(plan), took);
  }

  /** What a sweep of the same plan took when it last ran. */
  public Optional<Took> like(Plan plan) {
    return Optional.ofNullable(byWork.get(work(plan)));
  }

  /** Plans that are alike do the same work. */
  private static Object work(Plan plan) {
    return List.of(
        plan.cost(), plan.kept(), plan.pairs(), plan.tried(), plan.bytes(), plan.rounds().size());
  }
}
