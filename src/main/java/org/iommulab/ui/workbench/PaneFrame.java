package org.iommulab.ui.workbench;

import javafx.scene.Node;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.LabPane;

/** One pane with or without its header line. */
final class PaneFrame extends VBox {

  private final LabPane pane;
  private boolean shown;

  private PaneFrame(LabPane pane) {
    this.pane = pane;
    setId(pane.id() + "-pane");
    getStyleClass().add("pane-frame");
    setMinSize(0, 0);
  }

  /** A pane with its header line. */
  static PaneFrame withHeader(LabPane pane, Texts texts, PaneMenu menu) {
    var frame = new PaneFrame(pane);
    frame.getChildren().add(new PaneHeader(pane, texts, menu));
    return frame;
  }

  /** A pane alone; its title and figures stand elsewhere. */
  static PaneFrame bare(LabPane pane) {
    return new PaneFrame(pane);
  }

  void setShown(boolean visible) {
    // The same pane may stand in another frame when the window has another form or the stage
    // borrows it.
    if (visible && pane.node().getParent() != this) {
      Node content = pane.node();
      VBox.setVgrow(content, Priority.ALWAYS);
      getChildren().add(content);
    }
    if (visible != shown) {
      shown = visible;
      pane.shown(visible);
    }
  }
}
