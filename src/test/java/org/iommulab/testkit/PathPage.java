package org.iommulab.testkit;

/** One request from its device to memory. */
public final class PathPage {

  private final LabWindow lab;

  PathPage(LabWindow lab) {
    this.lab = lab;
  }

  /** What was asked for. */
  public String request() {
    return Texts.in(lab.find("#path-request"));
  }

  /** What became of it. */
  public String outcome() {
    return Texts.in(lab.find("#path-outcome"));
  }

  /** Whether the request has a stage, such as {@code iotlb} or {@code level-2}. */
  public boolean has(String stage) {
    return lab.visible("#path-stage-" + stage).isPresent();
  }

  /** Chooses a stage. */
  public PathPage select(String stage) {
    lab.click("#path-stage-" + stage);
    return this;
  }
}
