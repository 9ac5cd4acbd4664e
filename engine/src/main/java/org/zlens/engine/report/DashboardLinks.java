package org.zlens.engine.report;

/** What pages of features call the others, and where they are. */
public interface DashboardLinks {
  /** The address of a feature of the same SAE. */
  String address(int feature);

  /** The file of a feature's page beside this one; empty if there is none. */
  String file(int feature);

  /** The address of a public page of a feature; empty if none is known. */
  String publicPage(int feature);

  /** What features are compared with; empty if nothing. */
  String proxy();
}
