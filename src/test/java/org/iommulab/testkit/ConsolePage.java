package org.iommulab.testkit;

import javafx.scene.control.Label;

/** The console: a line of the script language at a time. */
public final class ConsolePage {

  private final LabWindow lab;

  ConsolePage(LabWindow lab) {
    this.lab = lab;
  }

  /** Types a command and runs it. */
  public ConsolePage run(String json) {
    lab.write("#console-line", json);
    lab.click("#console-run");
    return this;
  }

  /** What is wrong with the line, or an empty text. */
  public String problem() {
    return lab.visible("#console-problem").map(node -> ((Label) node).getText()).orElse("");
  }
}
