package org.zlens.engine.dashboard;

import java.util.List;

/** Keeps the statistics of a pass that is under way, so that it can be ended and gone on with. */
public interface PassRecord {
  /** Keeps nothing. */
  PassRecord NONE =
      new PassRecord() {
        @Override
        public List<FeatureStatistics> begin(DashboardPass pass) {
          return pass.saes().stream().map(pass::blank).toList();
        }

        @Override
        public long batches() {
          return 0;
        }

        @Override
        public void save(List<FeatureStatistics> all, long batches) {}

        @Override
        public void interrupt(List<FeatureStatistics> all, long batches) {}

        @Override
        public void finish(List<FeatureStatistics> all, long batches) {}
      };

  /** The statistics that the pass goes on with. */
  List<FeatureStatistics> begin(DashboardPass pass);

  /** How many batches are in them. */
  long batches();

  /** Hears that so many batches are in the statistics now, and may keep them. */
  void save(List<FeatureStatistics> all, long batches);

  /** Keeps the statistics of a pass that ends here before its time. */
  void interrupt(List<FeatureStatistics> all, long batches);

  /** Keeps the statistics of the whole text. */
  void finish(List<FeatureStatistics> all, long batches);
}
