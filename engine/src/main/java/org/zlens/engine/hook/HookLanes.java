package org.zlens.engine.hook;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Several runs in one forward pass, each with rows of its own beside those of the others: the edits
 * of a lane see its rows and no others, and what is owed is owed lane by lane. Lanes keep nothing.
 */
public final class HookLanes implements HookPoints {
  private final List<Lane> lanes;

  /**
   * Rows that belong together.
   *
   * @param first number of the first
   * @param end the number after that of the last
   */
  private record Lane(HookRun run, int first, int end) {}

  /**
   * Lanes that lie one after the other.
   *
   * @param runs one for each lane
   * @param rows number of rows of each
   */
  public HookLanes(List<HookRun> runs, int[] rows) {
    List<Lane> all = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < rows.length; i++) {
      all.add(new Lane(runs.get(i), first, first + rows[i]));
      first += rows[i];
    }
    lanes = List.copyOf(all);
  }

  @Override
  public boolean observes(Site site, int layer) {
    return edits(site, layer) || captures(Location.of(site, layer));
  }

  @Override
  public boolean edits(Site site, int layer) {
    return edits(Location.of(site, layer));
  }

  @Override
  public boolean edits(Site site) {
    return edits(Location.of(site));
  }

  private boolean edits(Location location) {
    for (Lane lane : lanes) {
      if (lane.run.edits(location)) {
        return true;
      }
    }
    return false;
  }

  private boolean captures(Location location) {
    for (Lane lane : lanes) {
      if (lane.run.captures(location)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Tensor at(Site site, int layer, Tensor values) {
    return at(Location.of(site, layer), values);
  }

  @Override
  public Tensor at(Site site, Tensor values) {
    return at(Location.of(site), values);
  }

  private Tensor at(Location location, Tensor values) {
    if (lanes.size() == 1) {
      return lanes.get(0).run.at(location, values);
    }
    if (!edits(location)) {
      for (Lane lane : lanes) {
        if (lane.run.captures(location)) {
          lane.run.at(location, values.slice(0, lane.first, lane.end));
        }
      }
      return values;
    }
    List<Tensor> pieces = new ArrayList<>();
    int done = 0;
    for (Lane lane : lanes) {
      if (lane.run.edits(location) || lane.run.captures(location)) {
        if (lane.first > done) {
          pieces.add(values.slice(0, done, lane.first));
        }
        pieces.add(lane.run.at(location, values.slice(0, lane.first, lane.end)));
        done = lane.end;
      }
    }
    if (done < values.size(0)) {
      pieces.add(values.slice(0, done, values.size(0)));
    }
    return Tensor.cat(pieces, 0);
  }

  @Override
  public void keepIn(Scope scope) {
    lanes.forEach(lane -> lane.run.keepCaptured(scope));
  }

  /**
   * What fired in each lane, once the pass is over; an edit of a lane that did not fire is an
   * error.
   */
  public List<List<Firing>> finish() {
    lanes.forEach(lane -> lane.run.requireFired());
    return lanes.stream().map(lane -> lane.run.firings()).toList();
  }
}
