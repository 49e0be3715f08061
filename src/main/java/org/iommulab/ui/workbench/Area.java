package org.iommulab.ui.workbench;

import java.util.List;
import javafx.scene.layout.Region;
import org.iommulab.ui.view.part.LabPane;

/** A part of the window that holds panes. It asks a pane for its content when it is first seen. */
interface Area {

  /** What stands in the window. */
  Region node();

  /** Its panes in order. */
  List<LabPane> panes();

  /** Tells whether the area is visible; hidden panes do no work. */
  void setShown(boolean shown);

  /** Brings one of its panes to the front. */
  void select(LabPane pane);
}
