package org.iommulab.ui.view.kernel;

import javafx.scene.Parent;
import org.iommulab.ui.view.part.TextTable;

/** Draws one part of the kernel. */
interface DetailView {

  /** What is drawn; the same node ever after. */
  Parent node();

  /** Draws this; a detail of another kind draws nothing. */
  void show(Detail detail);

  /** The rows as text, for export. */
  TextTable text();
}
