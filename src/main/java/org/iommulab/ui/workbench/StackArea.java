package org.iommulab.ui.workbench;

import java.util.List;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.LabPane;

/** Panes below each other, all visible; the first takes the room that the others leave. */
final class StackArea implements Area {

  private final List<LabPane> panes;
  private final List<PaneFrame> frames;
  private final VBox column = new VBox();

  StackArea(List<LabPane> panes, Texts texts, PaneMenu menu, boolean headers) {
    this.panes = panes;
    frames =
        panes.stream()
            .map(pane -> headers ? PaneFrame.withHeader(pane, texts, menu) : PaneFrame.bare(pane))
            .toList();
    column.getStyleClass().add("area");
    column.setMinSize(0, 0);
    column.getChildren().addAll(frames);
    if (!frames.isEmpty()) {
      VBox.setVgrow(frames.getFirst(), Priority.ALWAYS);
    }
    for (PaneFrame below : frames.subList(Math.min(1, frames.size()), frames.size())) {
      below.getStyleClass().add("below");
    }
  }

  @Override
  public Region node() {
    return column;
  }

  @Override
  public List<LabPane> panes() {
    return panes;
  }

  @Override
  public void setShown(boolean shown) {
    frames.forEach(frame -> frame.setShown(shown));
  }

  @Override
  public void select(LabPane pane) {
    // All of them are in front.
  }
}
