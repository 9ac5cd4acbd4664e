package org.zlens.engine.train;

import java.util.Map;
import org.zlens.engine.hook.Location;

/**
 * How a training of SAEs is getting on.
 *
 * @param step steps done
 * @param steps of the whole training
 * @param sites what the last step saw
 * @param vectorsPerSecond vectors of each site a second since this run began
 * @param secondsLeft at that speed
 */
public record SaeNews(
    long step, long steps, Map<Location, Site> sites, double vectorsPerSecond, double secondsLeft) {

  /**
   * One SAE.
   *
   * @param progress of the last step
   * @param deadShare share of features without an activation for long
   * @param lossRecovered at the last measurement (equation 4); NaN before the first
   */
  public record Site(SaeTrainer.Progress progress, double deadShare, double lossRecovered) {}
}
